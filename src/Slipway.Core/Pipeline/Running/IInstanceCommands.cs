namespace Slipway.Core.Pipeline.Running;

/// <summary>A program to run beside an app: an array of words, read by no shell.</summary>
/// <param name="HasTerminal">Its output is one stream, and it may ask for keys and colours.</param>
public sealed record InstanceCommand(IReadOnlyList<string> Words, bool HasTerminal = false);

/// <summary>Runs commands in an instance, with the user, the limits and the fence that the app has.</summary>
public interface IInstanceCommands
{
    /// <summary>Null when no such instance runs. A program that cannot be started is an exit with the shell's code for it (126, 127), its reason in the output.</summary>
    Task<RunningCommand?> BeginAsync(InstanceId id, InstanceCommand command, CancellationToken ct);
}

/// <summary>What a command printed.</summary>
/// <param name="Count">Bytes; 0: it has ended.</param>
public readonly record struct CommandOutput(int Count, bool IsError);

/// <summary>A command that was begun; one reader and one writer at a time. Disposing ends it, if it has not ended and we may.</summary>
public abstract class RunningCommand : IAsyncDisposable
{
    public abstract Task<CommandOutput> ReadAsync(byte[] buffer, CancellationToken ct);

    public abstract Task WriteAsync(ReadOnlyMemory<byte> input, CancellationToken ct);

    /// <summary>There is no more input.</summary>
    public abstract void EndInput();

    /// <summary>Of its terminal; nothing where it has none.</summary>
    public abstract Task ResizeAsync(int columns, int rows, CancellationToken ct);

    /// <summary>Once the output has ended.</summary>
    public abstract Task<int> ExitCodeAsync(CancellationToken ct);

    public abstract ValueTask DisposeAsync();
}
