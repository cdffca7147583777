using System.Text.Json;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Core.Deployments;
using Slipway.Core.Queueing;

namespace Slipway.Nats.Control;

/// <summary>
/// What workers report, through the store's one door. A result waits for the lines that were sent before it: a log is not closed while
/// lines of it are on their way.
/// </summary>
internal sealed class ResultIntake(NatsLink link, IDeploymentStore deployments, StoreClaims claims, Tickets tickets, TimeProvider time, ILogger<ResultIntake> log) : Intake(link, time, log)
{
    /// <summary>Each look goes through what waits of other builds.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);
    private readonly NatsLink _link = link;

    protected override string Stream => _link.Subjects.ResultStream;

    protected override int Together => 1;

    protected override async Task<IReadOnlyList<bool>> TakeAsync(DeploymentId deployment, IReadOnlyList<byte[]> messages, CancellationToken ct) => [await TakeAsync(deployment, messages[0], ct)];

    private async Task<bool> TakeAsync(DeploymentId deployment, byte[] data, CancellationToken ct)
    {
        if (Read(data) is not { } message || !tickets.IsGood(message.Ticket, deployment, message.Attempt) || !MayReport(message.Happened, message.Attempt)) return false;
        if (message.Happened is not SourceFetched) await UntilLogIsInAsync(deployment, ct);
        if (message.Happened is { } happened) await deployments.ApplyAsync(deployment, happened, ct);
        else if (await deployments.FindAsync(deployment, ct) is { } d) await claims.CloseAsync(new ClaimedBuild(d, null, []), ct);
        return true;
    }

    /// <summary>A worker tells of its own attempt, and never that something is live, canceled or retired.</summary>
    private static bool MayReport(DeploymentEvent? happened, int attempt) => happened switch
    {
        null => true,
        SourceFetched e => e.Attempt == attempt,
        BuildInterrupted e => e.Attempt == attempt,
        ImageShipped e => e.Attempt == attempt,
        DeploymentFailed e => e.Attempt == attempt,
        _ => false,
    };

    private async Task UntilLogIsInAsync(DeploymentId deployment, CancellationToken ct)
    {
        while (await _link.HoldsAsync(_link.Subjects.LogStream, _link.Subjects.Log(deployment), ct)) await Task.Delay(Look, Time, ct);
    }

    private static ResultMessage? Read(byte[] data)
    {
        try
        {
            return JsonSerializer.Deserialize(data, NatsJson.Default.ResultMessage) is { Ticket: not null } message ? message : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
