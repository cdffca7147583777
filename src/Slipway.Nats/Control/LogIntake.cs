using System.Text.Json;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Core.BuildLogs;

namespace Slipway.Nats.Control;

/// <summary>Lines of workers into the log; a batch that comes twice is stored once.</summary>
internal sealed class LogIntake(NatsLink link, IBuildLog buildLog, Tickets tickets, TimeProvider time, ILogger<LogIntake> log) : Intake(link, time, log)
{
    private readonly NatsLink _link = link;

    protected override string Stream => _link.Subjects.LogStream;

    protected override async Task<bool> TakeAsync(DeploymentId deployment, byte[] data, CancellationToken ct)
    {
        if (Read(data) is not { } message || !tickets.IsGood(message.Ticket, deployment, message.Attempt)) return false;
        await buildLog.AppendAsync(deployment, message.Attempt, message.Batch, message.Lines, ct);
        return true;
    }

    private static LogMessage? Read(byte[] data)
    {
        try
        {
            return JsonSerializer.Deserialize(data, NatsJson.Default.LogMessage) is { Ticket: not null, Lines: not null } message ? message : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
