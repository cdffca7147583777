using Slipway.Core.Pipeline.Planning.Dockerfiles;

namespace Slipway.Core.Pipeline.Planning.Node;

/// <summary>The stages of a Dockerfile that install and build a Node app; a provider adds the last one.</summary>
internal sealed class NodeStages(NodeApp app, PlanOptions options)
{
    /// <summary>Where the source is in every stage.</summary>
    public const string Home = "/app";

    private readonly InstallInputs? _inputs = InstallInputs.Of(app);

    /// <summary>The app's folder in the image.</summary>
    public string AppFolder { get; } = InImage(app.Root);

    public string InstallFolder { get; } = InImage(app.InstallFolder);

    /// <summary>Base, package manager and install. Needs nothing of the source but what the install reads, where that is known.</summary>
    public void Install(DockerfileWriter dockerfile, string stage)
    {
        var manager = app.PackageManager;
        dockerfile.From(app.Node.BuildImage, stage)
            .Env("npm_config_fetch_retries=1", "npm_config_update_notifier=false", "npm_config_fund=false", "npm_config_audit=false")
            .Workdir(InstallFolder);
        if (!app.HasDependencies)
        {
            dockerfile.Copy(".", Home + "/");
            return;
        }

        if (GlobalTools.Install(GlobalTools.ForBuild(app)) is { } tools) dockerfile.Run([$"type=cache,id={PackageManager.NpmCache}"], tools);
        // npm warns of settings that are not its own, so they come after its last use.
        if (manager.Environment.Length > 0) dockerfile.Env(manager.Environment);
        if (_inputs is null) dockerfile.Copy(".", Home + "/");
        foreach (var (sources, target) in _inputs?.Copies ?? []) dockerfile.Copy(sources, target);
        // Packages for the build are not installed where NODE_ENV says production.
        var withoutNodeEnv = options.BuildEnvironmentNames.Contains("NODE_ENV") ? "unset NODE_ENV; " : "";
        dockerfile.Run([.. EnvironmentMount, manager.CacheMount], Environment + withoutNodeEnv + manager.InstallStep + WorkspaceFilter(withRoot: true));
    }

    /// <summary>The rest of the source, then the build. Follows <see cref="Install"/> in its stage or in one on top of it.</summary>
    public void Build(DockerfileWriter dockerfile, IReadOnlyList<string> commands, IEnumerable<string>? mounts = null, params string[] environment)
    {
        if (_inputs is not null && app.HasDependencies) dockerfile.Copy(".", Home + "/");
        dockerfile.Env(["NODE_ENV=production", .. environment]);
        if (AppFolder != InstallFolder) dockerfile.Workdir(AppFolder);
        if (commands.Count > 0) dockerfile.Run([.. EnvironmentMount, .. mounts ?? []], [Environment + commands[0], .. commands.Skip(1)]);
    }

    /// <summary>Drops development packages, in a stage on top of the install or of the build.</summary>
    public void Prune(DockerfileWriter dockerfile, string command)
    {
        if (AppFolder != InstallFolder) dockerfile.Workdir(InstallFolder);
        // .npmrc may name a token that is in the environment, and npm reads it whatever it does.
        dockerfile.Run([.. EnvironmentMount, app.PackageManager.CacheMount], Environment + command + WorkspaceFilter(withRoot: false), "mkdir -p node_modules");
    }

    private IEnumerable<string> EnvironmentMount =>
        options.BuildEnvironmentNames.Count == 0 ? [] : [$"type=secret,id={BuildEnvironment.Secret},target={BuildEnvironment.Path},required=true"];

    /// <summary>A secret's value is no part of a step's cache key, so its hash stands in the command.</summary>
    private string Environment => options.BuildEnvironmentNames.Count == 0 ? ""
        : (options.EnvironmentHash is { } hash ? $": env-{hash}; " : "") + $"set -a; . {BuildEnvironment.Path}; set +a; ";

    /// <summary>pnpm installs one package of a workspace with what it depends on; the others need not be there.</summary>
    private string WorkspaceFilter(bool withRoot) =>
        app.Workspace is { } workspace && workspace.Root != app.Root && app.PackageManager.Kind == PackageManagerKind.Pnpm && SourcePath.RelativeTo(workspace.Root, app.Root) is var path && Shell.IsPlain(path)
            ? $" --filter '{{./{path}}}...'" + (withRoot ? " --filter ." : "")
            : "";

    private static string InImage(string folder) => folder.Length == 0 ? Home : Home + "/" + folder;
}
