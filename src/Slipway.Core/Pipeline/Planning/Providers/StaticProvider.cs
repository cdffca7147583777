using Slipway.Core.Pipeline.Planning.Dockerfiles;

namespace Slipway.Core.Pipeline.Planning.Providers;

/// <summary>Files that are served as they are.</summary>
internal sealed class StaticProvider : IPlanProvider
{
    private static readonly string[] Folders = ["", "public", "www", "site", "dist", "_site", "docs"];

    public Outcome<BuildPlan>? TryPlan(PlanInput input)
    {
        var found = Folders.Select(f => SourcePath.Join(input.Root, f)).FirstOrDefault(f => input.Tree.FileExists(SourcePath.Join(f, "index.html")));
        if (found is null) return null;

        // The folder is the context, so that no name of the repository stands in the Dockerfile.
        var dockerfile = new DockerfileWriter().Comment("Files, served as they are.");
        StaticImage.Write(dockerfile, ".", null, isSpa: false);
        return new BuildPlan
        {
            Provider = "static",
            Output = new("static", found),
            Port = Planner.DefaultPort,
            Dockerfile = dockerfile.ToString(),
            ContextDirectory = found,
            Bases = [StaticImage.Need],
            Ignore = IgnoreList.Static,
            RunEnvironment = new Dictionary<string, string> { ["PORT"] = "3000" },
            Evidence = [new(SourcePath.Join(found, "index.html"), "files to serve as they are")],
            Warnings = input.Node?.Manifest.Script("build") is null ? [] : ["package.json has a build script, but no framework we know; it was not run. Name a start script to run a server instead."],
        };
    }
}
