using System.Globalization;
using System.Runtime.CompilerServices;
using Docker.DotNet;
using Docker.DotNet.Models;
using Slipway.Core.Pipeline.Running;

namespace Slipway.Docker.Running;

/// <summary>What an app printed, out of the engine's multiplexed log.</summary>
internal static class ContainerOutput
{
    // "2026-11-26T02:10:00.292123456Z ", before each line.
    private const int Stamp = 31;

    public static async IAsyncEnumerable<OutputLine> ReadAsync(IDockerClient engine, string container, OutputQuery query, [EnumeratorCancellation] CancellationToken ct)
    {
        using var stream = await engine.Containers.GetContainerLogsAsync(container, Parameters(query), ct);
        var last = query.After ?? DateTimeOffset.MinValue;
        await foreach (var (isError, line) in LinesAsync(stream, ct))
        {
            // A record that holds several lines has one time for them.
            var end = line.IndexOf(' ', StringComparison.Ordinal);
            var isStamped = DateTimeOffset.TryParse(end < 0 ? line : line[..end], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at);
            // The engine's "since" takes the moment itself too.
            if (isStamped && at <= (query.After ?? DateTimeOffset.MinValue)) continue;
            if (isStamped) last = at;
            yield return new(last, isError, !isStamped ? line : end < 0 ? "" : line[(end + 1)..]);
        }
    }

    private static ContainerLogsParameters Parameters(OutputQuery query) => new()
    {
        ShowStdout = true,
        ShowStderr = true,
        Timestamps = true,
        Follow = query.Follow,
        Tail = query.Tail == OutputQuery.All ? "all" : query.Tail.ToString(CultureInfo.InvariantCulture),
        Since = query.After is { } after ? SecondsOf(after) : null,
    };

    /// <summary>Seconds since 1970 with a fraction, as the engine reads them.</summary>
    private static string SecondsOf(DateTimeOffset moment)
    {
        var ticks = (moment - DateTimeOffset.UnixEpoch).Ticks;
        return string.Create(CultureInfo.InvariantCulture, $"{ticks / TimeSpan.TicksPerSecond}.{ticks % TimeSpan.TicksPerSecond * 100:D9}");
    }

    private static async IAsyncEnumerable<(bool IsError, string Line)> LinesAsync(MultiplexedStream stream, [EnumeratorCancellation] CancellationToken ct)
    {
        var lines = new List<(bool, string)>();
        var (output, errors) = (Assembler(isError: false), Assembler(isError: true));
        var buffer = new byte[32 << 10];
        while (await stream.ReadOutputAsync(buffer, 0, buffer.Length, ct) is { EOF: false } read)
        {
            (read.Target == MultiplexedStream.TargetStream.StandardError ? errors : output).Append(buffer.AsSpan(0, read.Count));
            foreach (var line in lines) yield return line;
            lines.Clear();
        }

        output.Complete();
        errors.Complete();
        foreach (var line in lines) yield return line;

        LineAssembler Assembler(bool isError) => new(line => lines.Add((isError, line)), Stamp + LineAssembler.LongestLine);
    }
}
