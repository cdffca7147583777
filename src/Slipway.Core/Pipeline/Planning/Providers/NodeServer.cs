using System.Text.RegularExpressions;
using Slipway.Core.Pipeline.Planning.Dockerfiles;
using Slipway.Core.Pipeline.Planning.Node;

namespace Slipway.Core.Pipeline.Planning.Providers;

/// <summary>
/// An image with the app's files and its production packages, in layers of their own: while only the source changes, the
/// packages' layer stays the same and is not sent again.
/// </summary>
internal static partial class NodeServer
{
    private static readonly string[] BuildScripts = ["prebuild", "build", "postbuild"];

    public static BuildPlan Plan(string provider, string? framework, PlanInput input, NodeApp app, StartCommand start, IReadOnlyList<string> build, params string[] buildEnvironment)
    {
        var dockerfile = new DockerfileWriter().Comment($"{framework ?? "A Node server"}, installed with {app.PackageManager.Name} on Node {app.Node.Tag}.");
        var stages = new NodeStages(app, input.Options);
        var needsPrune = app.HasDevelopmentDependencies && !start.NeedsDevelopmentPackages;
        var prune = needsPrune ? app.PackageManager.Prune(app.Workspace is not null) : null;

        if (app.Workspace is not null || !Shell.IsPlain(stages.AppFolder)) Whole(dockerfile, stages, app, build, prune, start, buildEnvironment);
        else if (!app.HasDependencies) WithoutPackages(dockerfile, stages, app, build, start, buildEnvironment);
        else Layered(dockerfile, stages, app, build, prune, start, buildEnvironment);

        ServerImage.Close(dockerfile, stages.AppFolder, start.Words);
        var plan = ServerImage.Plan(provider, framework, app, dockerfile, build, start.Display);
        return plan with { Evidence = [start.Evidence, .. plan.Evidence] };
    }

    private static void WithoutPackages(DockerfileWriter dockerfile, NodeStages stages, NodeApp app, IReadOnlyList<string> build, StartCommand start, string[] environment)
    {
        if (build.Count == 0)
        {
            Open(dockerfile, app, start).Copy(".", NodeStages.Home + "/", own: true);
            return;
        }

        stages.Install(dockerfile, "build");
        stages.Build(dockerfile, build, null, environment);
        Open(dockerfile, app, start).Copy(NodeStages.Home, NodeStages.Home, "build", own: true);
    }

    private static void Layered(DockerfileWriter dockerfile, NodeStages stages, NodeApp app, IReadOnlyList<string> build, string? prune, StartCommand start, string[] environment)
    {
        var writesPackages = WritesPackages(app);
        stages.Install(dockerfile, "packages");
        // Without a build the source comes straight from the context, unless that brings packages of its own.
        var isPlain = build.Count == 0 && !app.Tree.DirectoryExists(SourcePath.Join(app.Root, "node_modules"));
        if (!isPlain)
        {
            dockerfile.From("packages", "build");
            stages.Build(dockerfile, build, null, environment);
        }

        var packages = "packages";
        if (prune is not null)
        {
            // What the build generates into node_modules would be missing from a copy pruned beside it.
            dockerfile.From(writesPackages && !isPlain ? "build" : "packages", "production");
            stages.Prune(dockerfile, prune);
            packages = "production";
        }
        else if (writesPackages && !isPlain) packages = "build";

        // A COPY cannot leave a folder out.
        if (!isPlain) dockerfile.From("build", "source").Run([], "rm -rf node_modules");

        Open(dockerfile, app, start).Copy(stages.AppFolder + "/node_modules", stages.AppFolder + "/node_modules", packages, own: true);
        if (isPlain) dockerfile.Copy(".", NodeStages.Home + "/", own: true);
        else dockerfile.Copy(NodeStages.Home, NodeStages.Home, "source", own: true);
    }

    /// <summary>node_modules of a workspace lie in many folders and link to each other.</summary>
    private static void Whole(DockerfileWriter dockerfile, NodeStages stages, NodeApp app, IReadOnlyList<string> build, string? prune, StartCommand start, string[] environment)
    {
        stages.Install(dockerfile, "build");
        stages.Build(dockerfile, build, null, environment);
        if (prune is not null && app.HasDependencies) stages.Prune(dockerfile, prune);
        Open(dockerfile, app, start).Copy(NodeStages.Home, NodeStages.Home, "build", own: true);
    }

    private static DockerfileWriter Open(DockerfileWriter dockerfile, NodeApp app, StartCommand start)
    {
        ServerImage.Open(dockerfile, app);
        return GlobalTools.Install(start.Tools ?? []) is { } tools ? dockerfile.Run([$"type=cache,id={PackageManager.NpmCache}"], tools) : dockerfile;
    }

    private static bool WritesPackages(NodeApp app) =>
        app.Has("prisma") || app.Has("@prisma/client")
        || BuildScripts.Any(s => Generates().IsMatch(app.Manifest.Script(s) ?? ""));

    [GeneratedRegex("generate|codegen|node_modules|patch-package")]
    private static partial Regex Generates();
}
