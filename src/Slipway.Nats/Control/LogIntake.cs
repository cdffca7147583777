using System.Text.Json;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Core.BuildLogs;

namespace Slipway.Nats.Control;

/// <summary>Lines of workers into the log, several batches in one transaction where they have gathered; one that comes twice is stored once.</summary>
internal sealed class LogIntake(NatsLink link, IBuildLog buildLog, Tickets tickets, TimeProvider time, ILogger<LogIntake> log) : Intake(link, time, log)
{
    private readonly NatsLink _link = link;

    protected override string Stream => _link.Subjects.LogStream;

    protected override int Together => 16;

    protected override async Task<IReadOnlyList<bool>> TakeAsync(DeploymentId deployment, IReadOnlyList<byte[]> messages, CancellationToken ct)
    {
        var read = messages.AsParallel().AsOrdered().Select(Read).ToList();
        var good = read.Select(m => m is not null && tickets.IsGood(m.Ticket, deployment, m.Attempt)).ToList();
        await buildLog.AppendAsync(deployment, [.. read.Zip(good).Where(m => m.Second).Select(m => new LogBatch(m.First!.Attempt, m.First.Batch, m.First.Lines))], ct);
        return good;
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
