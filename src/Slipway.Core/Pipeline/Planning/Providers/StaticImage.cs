using Slipway.Core.Pipeline.Planning.Dockerfiles;
using Slipway.Core.Pipeline.Planning.Node;

namespace Slipway.Core.Pipeline.Planning.Providers;

/// <summary>Images of files and the static server.</summary>
internal static class StaticImage
{
    public const string Base = "slipway/static";
    private const string Site = "/site/";

    public static BaseImageNeed Need { get; } = new(Base, BaseImageKind.Static, null, ForBuild: false);

    /// <summary>The last stage; <paramref name="source"/> is a plain name.</summary>
    public static void Write(DockerfileWriter dockerfile, string source, string? stage, bool isSpa)
    {
        dockerfile.From(Base).Env(["PORT=3000", .. isSpa ? ["SLIPWAY_SPA=1"] : Array.Empty<string>()]);
        dockerfile.Copy(source, Site, stage, own: true).AsUser().Expose(Planner.DefaultPort);
    }

    /// <summary>Build with Node, serve what it wrote.</summary>
    /// <param name="output">Relative to the app's folder, normalised.</param>
    public static BuildPlan Plan(
        string provider, string framework, NodeApp app, PlanOptions options, IReadOnlyList<string> build, string output, bool isSpa,
        IReadOnlyList<PlanEvidence> evidence, IReadOnlyList<string>? warnings = null, params string[] environment)
    {
        var stages = new NodeStages(app, options);
        var dockerfile = new DockerfileWriter().Comment($"{framework}, built with {app.PackageManager.Name} on Node {app.Node.Tag}, served as files.");
        stages.Install(dockerfile, "build");
        var folder = output.Length == 0 ? stages.AppFolder : stages.AppFolder + "/" + output;
        var isPlain = Shell.IsPlain(folder);
        stages.Build(dockerfile, [.. build, Check(output), .. isPlain ? [] : new[] { $"cp -a {Shell.Quote(folder)} /out" }], null, environment);
        Write(dockerfile, isPlain ? folder : "/out", "build", isSpa);

        return new()
        {
            Provider = provider,
            Framework = framework,
            PackageManager = app.PackageManager.Name,
            Install = app.HasDependencies ? app.PackageManager.Install : null,
            Build = build.Count == 0 ? null : string.Join(" && ", build),
            Output = new("static", SourcePath.Join(app.Root, output), isSpa),
            Port = Planner.DefaultPort,
            Dockerfile = dockerfile.ToString(),
            Bases = [new(app.Node.BuildImage, BaseImageKind.Node, app.Node.Range, ForBuild: app.NeedsBuildTools), Need],
            Ignore = IgnoreList.Node,
            RunEnvironment = new Dictionary<string, string> { ["PORT"] = "3000" },
            Evidence = [.. evidence, .. app.Evidence],
            Warnings = [.. app.Warnings, .. warnings ?? []],
        };
    }

    /// <summary>A missing folder is the commonest surprise of static sites, and COPY would only say "not found".</summary>
    private static string Check(string output)
    {
        var folder = Shell.Quote(output.Length == 0 ? "." : output);
        return $"{{ test -d {folder} || {{ echo {Shell.Quote($"The build left no folder {output}. Name the right one as outputDirectory in vercel.json. Folders with an index.html:")}"
            + " && find . -name node_modules -prune -o -name index.html -print; exit 1; }; }";
    }
}
