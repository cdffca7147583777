using System.Text.Json;
using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Core.BuildLogs;
using Slipway.Core.Pipeline;
using Slipway.Core.Pipeline.Planning;
using Slipway.Core.Pipeline.Sourcing;

namespace Slipway.Server.Planning;

/// <summary>
/// Nixpacks as the planner. <c>nixpacks plan</c> says the variables, <c>nixpacks build --out</c> writes <c>.nixpacks/Dockerfile</c> and what that
/// copies, into our own copy of the source. Its Dockerfile takes the variables as build arguments (<c>ARG X</c>, <c>ENV X=$X</c>).
/// Written against its published sources; the program itself was not to be had.
/// </summary>
internal sealed class NixpacksPlanner(IOptions<PipelineOptions> options, TimeProvider time) : ISourcePlanner
{
    private const string Folder = ".nixpacks";

    /// <summary>It keys its cache mounts by this; a prefix of the project's own comes before it.</summary>
    private const string CacheKey = "nixpacks";

    private readonly PlannerProgram _program = new("nixpacks", "install it from its project's releases into the PATH of the server or the worker", options.Value, time);

    public async Task<Outcome<BuildPlan>> PlanAsync(SourceSnapshot snapshot, PlanOptions options, IBuildOutput output, CancellationToken ct)
    {
        var rooted = Planner.Root(snapshot.Tree, options);
        if (rooted.IsFailure(out var failure)) return failure;
        var root = rooted.Value;
        if (Planner.ByOwnDockerfile(snapshot.Tree, root, options) is { } own) return own;

        var app = Path.GetFullPath(Path.Combine(snapshot.Directory, root));
        Clear(Path.Combine(app, Folder));
        // After the names of its own options nothing of the repository's follows: a folder cannot become one.
        string[] given = [.. options.PlainEnvironment.OrderBy(v => v.Key, StringComparer.Ordinal).SelectMany(v => new[] { "--env", $"{v.Key}={v.Value}" })];
        var planned = await _program.RunAsync(app, ["plan", app, "--format", "json", .. given], isTold: false, output, ct);
        if (planned.IsFailure(out failure)) return failure;
        if (Variables(planned.Value) is not { } variables) return NoPlan("what 'nixpacks plan' printed is no plan");
        var written = await _program.RunAsync(app, ["build", app, "--out", app, "--cache-key", CacheKey, .. given], isTold: true, output, ct);
        if (written.IsFailure(out failure)) return failure;
        if (snapshot.Tree.ReadText(PathOf(root)) is not { } dockerfile) return NoPlan($"it wrote no {Folder}/Dockerfile");
        return Plan(root, dockerfile, variables, options);
    }

    private static BuildPlan Plan(string root, string dockerfile, Dictionary<string, string> variables, PlanOptions options)
    {
        string[] secret = [.. options.BuildEnvironmentNames.Except(options.PlainEnvironment.Keys).Order(StringComparer.Ordinal)];
        return new BuildPlan
        {
            Provider = "nixpacks",
            Output = new("server", null),
            Port = Planner.DefaultPort,
            // Its tools are in root's own profile, which nobody else can read.
            Dockerfile = dockerfile.TrimEnd() + "\nUSER root\n",
            DockerfilePath = $"{Folder}/Dockerfile",
            ContextDirectory = root,
            Ignore = [".git"],
            BuildArguments = variables,
            RunEnvironment = new Dictionary<string, string> { ["PORT"] = $"{Planner.DefaultPort}" },
            Evidence = [new(PathOf(root), "written by nixpacks, by Slipway:Pipeline:Planner"), new(PathOf(root), $"no EXPOSE: PORT={Planner.DefaultPort}")],
            Warnings =
            [
                "What Nixpacks builds runs as root inside its container, for its tools are root's own.",
                .. secret.Length > 0 ? [$"{string.Join(", ", secret)}: not given to the build, for Nixpacks would write it into the image. A Dockerfile of your own can mount it as a secret."] : Array.Empty<string>(),
            ],
        };
    }

    private static string PathOf(string root) => root.Length == 0 ? $"{Folder}/Dockerfile" : $"{root}/{Folder}/Dockerfile";

    private static Failure NoPlan(string why) => new("plan.program_failed", $"nixpacks ended well, but {why}", "see whether its version is one that Slipway knows (docs/planners.md)", "plan");

    /// <summary>Null where it is no plan.</summary>
    private static Dictionary<string, string>? Variables(string plan)
    {
        try
        {
            using var document = JsonDocument.Parse(plan);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return null;
            if (!document.RootElement.TryGetProperty("variables", out var variables) || variables.ValueKind == JsonValueKind.Null) return [];
            return variables.EnumerateObject().ToDictionary(v => v.Name, v => v.Value.GetString() ?? "");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>What the repository itself has there, a link among it, is not written through.</summary>
    private static void Clear(string folder)
    {
        if (new FileInfo(folder) is { LinkTarget: not null } or { Exists: true }) File.Delete(folder);
        else if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }
}
