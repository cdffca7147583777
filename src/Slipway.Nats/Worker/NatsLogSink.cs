using System.Text.Json;
using Slipway.Core;
using Slipway.Core.BuildLogs;

namespace Slipway.Nats.Worker;

/// <summary>A worker's lines on their way to the control plane, which may be away: the server keeps them.</summary>
internal sealed class NatsLogSink(NatsLink link, Sender sender, HeldClaims held) : IBuildLogSink
{
    public Task AppendAsync(DeploymentId deployment, int attempt, long batch, IReadOnlyList<BuildLogLine> lines, CancellationToken ct)
    {
        if (lines.Count == 0) return Task.CompletedTask;
        var message = LogMessage.Of(attempt, batch, held.TicketOf(deployment, attempt), lines);
        return sender.SendAsync("a part of the log", deployment, link.Subjects.Log(deployment), $"{deployment}-{attempt}-{batch}", JsonSerializer.SerializeToUtf8Bytes(message, NatsJson.Default.LogMessage), ct);
    }
}
