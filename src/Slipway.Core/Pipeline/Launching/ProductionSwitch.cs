using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Slipway.Core.Deployments;
using Slipway.Core.Pipeline.Routing;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.Projects;
using Slipway.Core.Tenancy;

namespace Slipway.Core.Pipeline.Launching;

/// <summary>A person's move of the production pointer.</summary>
/// <param name="Before">What held it, null for none.</param>
/// <param name="Took">From the pointer's move until the edge answered by it.</param>
public sealed record Switched(DeploymentId? Before, Deployment Now, bool IsPinned, TimeSpan Took);

/// <summary>
/// Promote and roll back: the pointer moves, nothing is built and nothing started, unless the project keeps data: then one stops
/// before the other starts with it. Said to be done only when the edge has taken the
/// table and the instance has answered under the production host; else it is as it was.
/// </summary>
public sealed class ProductionSwitch(ProductionPointer pointer, IRouter router, RoutePublisher routes, DataHandover handover, InstanceStart start, InstanceHealth health, HealthChecks checks, IOptions<RuntimeOptions> options, TimeProvider time, ILogger<ProductionSwitch> log)
{
    public async Task<Outcome<Switched>> ToAsync(Deployment to, ProductionCause cause, CancellationToken ct)
    {
        if (to.State != DeploymentState.Ready) return NotReady(to);
        // The table is the whole installation's, whoever asks.
        using var system = TeamScope.EnterSystem();
        if (await NotServingAsync(to, $"{to.PreviewLabel}.{options.Value.BaseDomain}", ct) is { } notYet) return notYet;

        var begun = time.GetTimestamp();
        await using var data = await handover.BeginAsync(to, async token => !await pointer.IsAtAsync(to, token), _ => { }, ct);
        // A caller that goes away changes nothing from here: it is carried through, or undone whole.
        if (data is not null && await StartedAsync(to, CancellationToken.None) is { } notStarted) return notStarted;
        if (await pointer.PointAsync(to, cause, data is null ? ct : CancellationToken.None) is not { } move) return new Failure("project.not_found", $"the project {to.ProjectName} was removed meanwhile");
        if (await TakenOrUndoneAsync(to, move) is { } failure) return failure;
        if (data is not null) await data.CompleteAsync(CancellationToken.None);
        var took = time.GetElapsedTime(begun);
        log.Switched(to.ProjectName, to.Id, cause, took.TotalMilliseconds);
        return new Switched(move.Before.Production, to, cause == ProductionCause.Rollback, took);
    }

    private async Task<Failure?> StartedAsync(Deployment to, CancellationToken ct)
    {
        var started = await start.StartAsync(to, _ => { }, ct);
        if (started.IsFailure(out var failure)) return failure;
        var answered = await health.WaitAsync(to, ct);
        return answered.IsFailure(out failure)
            ? new Failure("production.not_serving", $"with the project's data {to.Id} did not get well: {failure.Message}; production was left as it was", $"slipway logs --runtime {to.Id} shows what it says") : null;
    }

    /// <summary>Once the pointer has moved a caller that goes away changes nothing: it is carried through, or undone whole.</summary>
    private async Task<Failure?> TakenOrUndoneAsync(Deployment to, PointerMove move)
    {
        Failure? failure;
        try
        {
            failure = await TakenAsync(to, CancellationToken.None);
        }
        catch
        {
            await pointer.RestoreAsync(move, CancellationToken.None);
            throw;
        }

        if (failure is null) return null;
        await pointer.RestoreAsync(move, CancellationToken.None);
        await PublishAsync(CancellationToken.None);
        return failure;
    }

    private async Task<Failure?> TakenAsync(Deployment to, CancellationToken ct) =>
        await PublishAsync(ct) ?? await NotServingAsync(to, $"{to.ProjectName}.{options.Value.BaseDomain}", ct);

    private async Task<Failure?> PublishAsync(CancellationToken ct)
    {
        try
        {
            await routes.PublishAsync(ct);
            return null;
        }
        catch (RouterDownException e)
        {
            return EdgeDown(e.Message);
        }
    }

    /// <summary>Any answer of the app's own will do: it was below 500 when it became ready, and a roll back must not wait for a database.</summary>
    private async Task<Failure?> NotServingAsync(Deployment to, string host, CancellationToken ct)
    {
        var check = await checks.OfAsync(to, ct);
        var seen = await router.ProbeAsync(host, check.Path, check.Timeout, ct);
        if (seen.FromApp) return null;
        if (await router.CurrentAsync(ct) is null) return EdgeDown(seen.Error ?? "it does not answer");
        return new Failure("production.not_serving", $"the instance of {to.Id} does not answer just now{(seen.Error is { } e ? $" ({e})" : "")}; production was left as it was",
            $"Slipway is starting it again: try in a moment; slipway logs {to.Id} shows what it says");
    }

    private static Failure EdgeDown(string why) => new("route.edge_down", $"the edge is down, production was left as it was: {why}", "start it: slipway up; then try again");

    private static Failure NotReady(Deployment to) => new("production.not_ready", $"{to.Id} is {to.State.ToWire()}; production can only point at a ready deployment",
        to.State.IsFinal() ? $"deploy it again, or choose a ready one of: slipway ls {to.ProjectName}" : $"wait until it is ready: slipway logs -f {to.Id}");
}

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "production of {Project} is {Deployment} by {Cause}, answered by the edge after {Milliseconds} ms")]
    public static partial void Switched(this ILogger log, string project, DeploymentId deployment, ProductionCause cause, double milliseconds);
}
