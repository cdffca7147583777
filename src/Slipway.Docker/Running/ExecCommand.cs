using Docker.DotNet;
using Docker.DotNet.Models;
using Slipway.Core.Pipeline.Running;

namespace Slipway.Docker.Running;

/// <summary>A command as the engine runs it ("exec"), over one connection to it.</summary>
internal sealed class ExecCommand(IDockerClient engine, string exec, MultiplexedStream stream, bool hasTerminal, TimeProvider time) : RunningCommand
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    public override async Task<CommandOutput> ReadAsync(byte[] buffer, CancellationToken ct)
    {
        var read = await stream.ReadOutputAsync(buffer, 0, buffer.Length, ct);
        return read.EOF ? default : new CommandOutput(read.Count, read.Target == MultiplexedStream.TargetStream.StandardError);
    }

    public override Task WriteAsync(ReadOnlyMemory<byte> input, CancellationToken ct) => stream.WriteAsync(input.ToArray(), 0, input.Length, ct);

    public override void EndInput() => stream.CloseWrite();

    public override Task ResizeAsync(int columns, int rows, CancellationToken ct) =>
        hasTerminal ? engine.Exec.ResizeExecTtyAsync(exec, new ContainerResizeParameters { Width = columns, Height = rows }, ct) : Task.CompletedTask;

    public override async Task<int> ExitCodeAsync(CancellationToken ct)
    {
        // The output may end a moment before the engine knows how the process did.
        for (var seen = await engine.Exec.InspectContainerExecAsync(exec, ct); ; seen = await engine.Exec.InspectContainerExecAsync(exec, ct))
        {
            if (!seen.Running && seen.ExitCode is { } code) return (int)code;
            await Task.Delay(Soon, time, ct);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        stream.Dispose();
        using var limit = new CancellationTokenSource(Farewell, time);
        try
        {
            // The engine has no verb to end it. What is left is ended by its number, where that is one of this machine's and of this container.
            if (await engine.Exec.InspectContainerExecAsync(exec, limit.Token) is { Running: true, Pid: > 0 } left) ContainerProcess.Kill(left.Pid, left.ContainerID);
        }
        catch (Exception e) when (e is DockerApiException or HttpRequestException or OperationCanceledException or TimeoutException)
        {
            // Gone with its container, or with the engine.
        }
    }
}
