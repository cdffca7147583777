using System.Net.WebSockets;
using System.Text.Json;

namespace Slipway.Client;

/// <summary>A piece of what a command printed.</summary>
public sealed record ExecOutput(ReadOnlyMemory<byte> Bytes, bool IsError);

/// <summary>A command that runs in an instance: one reader and one writer at a time. Disposing ends it.</summary>
public sealed class ExecSession : IAsyncDisposable
{
    private readonly ClientWebSocket _socket;
    private readonly SemaphoreSlim _sending = new(1);

    internal ExecSession(ClientWebSocket socket) => _socket = socket;

    /// <summary>Once <see cref="ReadAsync"/> gave null.</summary>
    public int ExitCode { get; private set; }

    /// <summary>What comes next; null when the command has ended.</summary>
    /// <exception cref="SlipwayApiException">It could not be run, or the connection broke.</exception>
    public async Task<ExecOutput?> ReadAsync(CancellationToken ct)
    {
        var (bytes, type) = await MessageAsync(ct);
        if (type == WebSocketMessageType.Binary) return bytes.Length == 0 ? new ExecOutput(default, false) : new ExecOutput(bytes.AsMemory(1), bytes[0] == 2);
        var end = type == WebSocketMessageType.Text ? JsonSerializer.Deserialize(bytes, SlipwayJson.Default.ExecEnd) : null;
        if (end is { ExitCode: { } code })
        {
            ExitCode = code;
            return null;
        }

        throw end is { Code: { } refused }
            ? new SlipwayApiException(end.Message ?? refused, Status(refused), refused, null, end.Hint)
            : new SlipwayApiException("the server closed the connection while the command ran", null, "exec.interrupted", null, "see what runs with: slipway status");
    }

    /// <summary>What the answer would have, were it no message of a WebSocket.</summary>
    private static int Status(string code) => code == "audit.unavailable" ? 503 : code.StartsWith("platform.", StringComparison.Ordinal) ? 500 : 409;

    /// <summary>Input for the command.</summary>
    public Task WriteAsync(ReadOnlyMemory<byte> input, CancellationToken ct) => SendAsync(input, WebSocketMessageType.Binary, ct);

    /// <summary>There is no more input.</summary>
    public Task EndInputAsync(CancellationToken ct) => ControlAsync(new ExecInput(End: true), ct);

    /// <summary>The terminal has another size now.</summary>
    public Task ResizeAsync(int columns, int rows, CancellationToken ct) => ControlAsync(new ExecInput(columns, rows), ct);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        _sending.Dispose();
        return ValueTask.CompletedTask;
    }

    internal Task StartAsync(ExecStart start, CancellationToken ct) => SendAsync(JsonSerializer.SerializeToUtf8Bytes(start, SlipwayJson.Default.ExecStart), WebSocketMessageType.Text, ct);

    private Task ControlAsync(ExecInput control, CancellationToken ct) => SendAsync(JsonSerializer.SerializeToUtf8Bytes(control, SlipwayJson.Default.ExecInput), WebSocketMessageType.Text, ct);

    private async Task SendAsync(ReadOnlyMemory<byte> bytes, WebSocketMessageType type, CancellationToken ct)
    {
        await _sending.WaitAsync(ct);
        try
        {
            await _socket.SendAsync(bytes, type, endOfMessage: true, ct);
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task<(byte[] Bytes, WebSocketMessageType Type)> MessageAsync(CancellationToken ct)
    {
        using var all = new MemoryStream();
        var buffer = new byte[32 << 10];
        try
        {
            while (true)
            {
                var read = await _socket.ReceiveAsync(buffer.AsMemory(), ct);
                all.Write(buffer, 0, read.Count);
                if (read.EndOfMessage || read.MessageType == WebSocketMessageType.Close) return (all.ToArray(), read.MessageType);
            }
        }
        catch (WebSocketException e)
        {
            throw new SlipwayApiException($"the connection broke while the command ran: {e.Message}", null, "exec.interrupted", null, "see what runs with: slipway status", e);
        }
    }
}
