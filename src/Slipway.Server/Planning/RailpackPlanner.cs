using System.Text.Json;
using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Core.BuildLogs;
using Slipway.Core.Pipeline;
using Slipway.Core.Pipeline.Planning;
using Slipway.Core.Pipeline.Sourcing;

namespace Slipway.Server.Planning;

/// <summary>
/// Railpack as the planner. <c>railpack prepare --plan-out</c> writes a plan in JSON that no Dockerfile says: its own frontend, an image that the
/// builder pulls, reads it in a Dockerfile's place. Secrets are named in the plan and mounted by that frontend. Written against its published
/// sources; neither the program nor the image was to be had.
/// </summary>
internal sealed class RailpackPlanner(IOptions<PipelineOptions> options, TimeProvider time) : ISourcePlanner
{
    /// <summary>Stands for a secret's value while it plans: the plan holds names only.</summary>
    private const string Unsaid = "***";

    private readonly PlannerProgram _program = new("railpack", "install it from its project's releases into the PATH of the server or the worker", options.Value, time);

    public async Task<Outcome<BuildPlan>> PlanAsync(SourceSnapshot snapshot, PlanOptions options, IBuildOutput output, CancellationToken ct)
    {
        var rooted = Planner.Root(snapshot.Tree, options);
        if (rooted.IsFailure(out var failure)) return failure;
        var root = rooted.Value;
        if (Planner.ByOwnDockerfile(snapshot.Tree, root, options) is { } own) return own;

        var app = Path.GetFullPath(Path.Combine(snapshot.Directory, root));
        // Beside the source, where the repository can have put nothing.
        var place = Directory.CreateTempSubdirectory("slipway-railpack-plan-");
        try
        {
            var file = Path.Combine(place.FullName, "railpack-plan.json");
            var given = options.BuildEnvironmentNames.Order(StringComparer.Ordinal).SelectMany(name => new[] { "--env", $"{name}={options.PlainEnvironment.GetValueOrDefault(name, Unsaid)}" });
            var prepared = await _program.RunAsync(app, ["prepare", app, "--plan-out", file, .. given], isTold: true, output, ct);
            if (prepared.IsFailure(out failure)) return failure;
            return File.Exists(file) && IsPlan(await File.ReadAllTextAsync(file, ct), out var text) ? Plan(root, text, options)
                : new Failure("plan.program_failed", "railpack ended well, but wrote no plan", "see whether its version is one that Slipway knows (docs/planners.md)", "plan");
        }
        finally
        {
            place.Delete(recursive: true);
        }
    }

    private BuildPlan Plan(string root, string plan, PlanOptions planOptions) => new()
    {
        Provider = "railpack",
        Output = new("server", null),
        Port = Planner.DefaultPort,
        Dockerfile = plan,
        Frontend = options.Value.RailpackFrontend,
        ContextDirectory = root,
        Ignore = [".git"],
        BuildArguments = planOptions.EnvironmentHash is { } hash ? new Dictionary<string, string> { ["secrets-hash"] = hash } : [],
        RunEnvironment = new Dictionary<string, string> { ["PORT"] = $"{Planner.DefaultPort}" },
        Evidence = [new("railpack-plan.json", $"written by railpack, by Slipway:Pipeline:Planner; read by {options.Value.RailpackFrontend}")],
        Warnings = ["The steps of a Railpack build bear no mark of ours: its memory and processes are limited by the builder's own limits only."],
    };

    private static bool IsPlan(string text, out string plan)
    {
        plan = text;
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
