using Microsoft.AspNetCore.Http.HttpResults;
using Slipway.Client;
using Slipway.Core;
using Slipway.Core.Deployments;
using Slipway.Core.Pipeline.Routing;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.Projects;

namespace Slipway.Server.Api.Deployments;

/// <summary>How busy deployments are, and what they use.</summary>
internal static class DeploymentMetricsEndpoints
{
    public static void MapDeploymentMetrics(this IEndpointRouteBuilder v1)
    {
        v1.MapGet("/deployments/{id}/metrics", ReadAsync).WithTags("Deployments").WithSummary("What a deployment uses and how it answers; of production for a project's name");
        v1.MapGet("/metrics", ListAsync).WithTags("Deployments").WithSummary("The same of all that have an instance, or of a project's");
    }

    private static async Task<Results<Ok<DeploymentMetricsView>, ProblemHttpResult>> ReadAsync(string id, DeploymentLookup lookup, IProjectStore projects, DeploymentSampler sampler, CancellationToken ct)
    {
        if (await lookup.FindServingAsync(id, ct) is not { } d) return ApiProblems.NotFound("deployment", id);
        if ((await sampler.ReadAsync(i => i == d.Id, ct)) is not [var figures, ..])
            return new Failure("runtime.no_instance", $"no app of deployment {d.Hash} runs or sleeps", $"see how it stands: slipway inspect {d.Hash}").Problem(StatusCodes.Status409Conflict);
        return TypedResults.Ok(ToView(d, await projects.FindAsync(d.Project, ct), figures));
    }

    private static async Task<Results<Ok<List<DeploymentMetricsView>>, ProblemHttpResult>> ListAsync(string? project, IDeploymentStore deployments, IProjectStore projects, DeploymentSampler sampler, CancellationToken ct)
    {
        var owner = project is null ? null : await projects.FindByNameAsync(project, ct);
        if (project is not null && owner is null) return ApiProblems.NotFound("project", project);
        var found = (await deployments.ListAsync(new DeploymentQuery { Project = owner?.Id, States = [DeploymentState.Deploying, DeploymentState.Ready], Limit = 10_000 }, ct)).ToDictionary(d => d.Id);
        var byId = (await projects.ListAsync(ct)).ToDictionary(p => p.Id);
        var figures = await sampler.ReadAsync(found.ContainsKey, ct);
        return TypedResults.Ok(figures.Select(f => ToView(found[f.Instance.Deployment], byId.GetValueOrDefault(found[f.Instance.Deployment].Project), f))
            .OrderBy(v => v.Project, StringComparer.Ordinal).ThenByDescending(v => v.Production).ThenByDescending(v => v.StartedAt).ToList());
    }

    private static DeploymentMetricsView ToView(Deployment d, Project? project, DeploymentFigures figures) => new()
    {
        Deployment = d.Hash,
        Project = d.ProjectName,
        Production = project?.Production == d.Id,
        State = figures.Instance.State.ToString().ToLowerInvariant(),
        StartedAt = figures.Instance.StartedAt,
        CpuSeconds = figures.Usage?.CpuSeconds,
        CpuPercent = figures.CpuCores * 100,
        MemoryBytes = figures.Usage?.MemoryBytes,
        MemoryLimitBytes = figures.Usage?.MemoryLimitBytes,
        ReceivedBytes = figures.Usage?.ReceivedBytes,
        SentBytes = figures.Usage?.SentBytes,
        Restarts = figures.Restarts.Count,
        LastExit = figures.Restarts.Last is { ExitCode: { } code } last ? new ExitView(last.FinishedAt, code, last.WasOutOfMemory) : null,
        Requests = DeploymentTraffic.Classes.Select((name, i) => (name, Count: figures.Total?.ByClass[i] ?? 0)).ToDictionary(c => c.name, c => c.Count),
        WindowSeconds = figures.Window.TotalSeconds,
        RequestsPerSecond = figures.Window > TimeSpan.Zero ? (figures.Recent?.Answers ?? 0) / figures.Window.TotalSeconds : null,
        Latency = figures.Recent is { Answers: > 0 } recent ? new LatencyView(recent.Quantile(0.5) * 1000, recent.Quantile(0.9) * 1000, recent.Quantile(0.99) * 1000) : null,
    };
}
