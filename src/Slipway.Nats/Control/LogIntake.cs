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
        var good = read.Select(m => m.Batch is not null && tickets.IsGood(m.Ticket, deployment, m.Batch.Attempt)).ToList();
        await buildLog.AppendAsync(deployment, [.. read.Zip(good).Where(m => m.Second).Select(m => m.First.Batch!)], ct);
        return good;
    }

    /// <summary>No batch: nothing that a worker of ours sent.</summary>
    private static (LogBatch? Batch, string Ticket) Read(byte[] data)
    {
        try
        {
            if (JsonSerializer.Deserialize(data, NatsJson.Default.LogMessage) is not { Ticket: not null, Lines: not null } message || PackedLines.TryUnpack(message.Lines) is not { } lines) return default;
            var isWhole = lines.All(line => line.Text.Length <= BuildLogLine.MaxLength);
            return (new LogBatch(message.Attempt, message.Batch, lines) { Packed = isWhole ? message.Lines : null }, message.Ticket);
        }
        catch (JsonException)
        {
            return default;
        }
    }
}
