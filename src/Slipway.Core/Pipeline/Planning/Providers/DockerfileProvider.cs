using Slipway.Core.Pipeline.Planning.Dockerfiles;

namespace Slipway.Core.Pipeline.Planning.Providers;

/// <summary>The repository's own Dockerfile beats all guessing.</summary>
internal sealed class DockerfileProvider : IPlanProvider
{
    private static readonly string[] Names = ["Dockerfile", "Containerfile"];

    public Outcome<BuildPlan>? TryPlan(PlanInput input)
    {
        if (Names.FirstOrDefault(input.FileExists) is not { } name) return null;
        var path = SourcePath.Join(input.Root, name);
        if (input.Tree.ReadText(path) is not { } text) return new Failure("plan.dockerfile_unreadable", $"{path} is larger than 8 MiB or leads out of the source.");

        var facts = DockerfileFacts.Read(text);
        var context = Context(input, facts);
        var (port, why, warning) = Port(facts);
        return new BuildPlan
        {
            Provider = "dockerfile",
            Output = new("server", null),
            Port = port,
            Dockerfile = text,
            DockerfilePath = SourcePath.RelativeTo(context, path),
            ContextDirectory = context,
            Ignore = [".git"],
            RunEnvironment = new Dictionary<string, string> { ["PORT"] = $"{port}" },
            Evidence =
            [
                new(path, "the repository's own"),
                new(path, why),
                .. context != input.Root ? [new PlanEvidence(path, "copies files from above its folder: the whole source is its context")] : Array.Empty<PlanEvidence>(),
            ],
            Warnings = warning is null ? [] : [warning],
        };
    }

    private static (int Port, string Why, string? Warning) Port(DockerfileFacts facts) => facts.Ports switch
    {
        [var port] => (port, $"EXPOSE {port}", null),
        [] => (Planner.DefaultPort, $"no EXPOSE: PORT={Planner.DefaultPort}", null),
        _ => (Planner.DefaultPort, $"several ports: PORT={Planner.DefaultPort}",
            $"The Dockerfile exposes {string.Join(", ", facts.Ports)}; the app is told to listen on PORT={Planner.DefaultPort}. Keep one EXPOSE to choose."),
    };

    /// <summary>The Dockerfile's folder, unless it copies what only the whole source has.</summary>
    private static string Context(PlanInput input, DockerfileFacts facts)
    {
        if (input.Root.Length == 0) return "";
        var missesSome = facts.ContextFiles.Select(SourcePath.Normalize).OfType<string>()
            .Any(file => !Exists(SourcePath.Join(input.Root, file)) && Exists(file));
        return missesSome ? "" : input.Root;

        bool Exists(string path) => input.Tree.FileExists(path) || input.Tree.DirectoryExists(path);
    }
}
