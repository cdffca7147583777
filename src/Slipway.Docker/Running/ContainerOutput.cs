using Docker.DotNet;
using Docker.DotNet.Models;

namespace Slipway.Docker.Running;

/// <summary>An app's last lines, out of the engine's multiplexed log.</summary>
internal static class ContainerOutput
{
    public static async Task<IReadOnlyList<string>> ReadAsync(IDockerClient engine, string container, int lines, CancellationToken ct)
    {
        var parameters = new ContainerLogsParameters
        {
            ShowStdout = true,
            ShowStderr = true,
            Tail = lines.ToString(),
        };
        using var stream = await engine.Containers.GetContainerLogsAsync(container, parameters, ct);
        return await DemultiplexAsync(stream, lines, ct);
    }

    private static async Task<IReadOnlyList<string>> DemultiplexAsync(MultiplexedStream stream, int lines, CancellationToken ct)
    {
        var last = new Queue<string>();
        var (output, errors) = (new LineAssembler(Keep), new LineAssembler(Keep));
        var buffer = new byte[32 << 10];
        while (await stream.ReadOutputAsync(buffer, 0, buffer.Length, ct) is { EOF: false } read)
            (read.Target == MultiplexedStream.TargetStream.StandardError ? errors : output).Append(buffer.AsSpan(0, read.Count));

        output.Complete();
        errors.Complete();
        return [.. last];

        void Keep(string line)
        {
            // The engine counts its records; one of them can hold several of our lines.
            if (last.Count == lines) last.Dequeue();
            last.Enqueue(line);
        }
    }
}
