using System.Net.WebSockets;
using System.Text.Json;
using Slipway.Client;
using Slipway.Core.Pipeline.Running;

namespace Slipway.Server.Api.Deployments;

/// <summary>The server's end of one command's WebSocket.</summary>
internal sealed class ExecWire(WebSocket socket)
{
    private const int MaxText = 256 << 10;
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    /// <summary>The first message; null when it is none, or closed.</summary>
    public async Task<ExecStart?> StartAsync(CancellationToken ct)
    {
        try
        {
            return await TextAsync([], ct) is { } text ? JsonSerializer.Deserialize(text, SlipwayJson.Default.ExecStart) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Until the command's output ends; its exit code. Whoever goes away ends it.</summary>
    public async Task<int> PumpAsync(RunningCommand command, CancellationToken ct)
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var input = TakeAsync(command, gone);
        try
        {
            var buffer = new byte[16 << 10];
            while (await command.ReadAsync(buffer, gone.Token) is { Count: > 0 } read)
            {
                await socket.SendAsync(new[] { (byte)(read.IsError ? 2 : 1) }, WebSocketMessageType.Binary, endOfMessage: false, gone.Token);
                await socket.SendAsync(buffer.AsMemory(0, read.Count), WebSocketMessageType.Binary, endOfMessage: true, gone.Token);
            }

            return await command.ExitCodeAsync(gone.Token);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException && gone.IsCancellationRequested)
        {
            throw new OperationCanceledException(gone.Token);
        }
        finally
        {
            // The next message may never come: it is not waited for.
            _ = input;
        }
    }

    public static async Task ResizeAsync(RunningCommand command, int columns, int rows, CancellationToken ct)
    {
        if (columns is < 1 or > 10_000 || rows is < 1 or > 10_000) return;
        try
        {
            await command.ResizeAsync(columns, rows, ct);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // It has ended meanwhile: the size of nothing.
        }
    }

    public async Task CloseAsync(ExecEnd end, TimeProvider time)
    {
        using var limit = new CancellationTokenSource(Farewell, time);
        try
        {
            await socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(end, SlipwayJson.Default.ExecEnd), WebSocketMessageType.Text, endOfMessage: true, limit.Token);
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // Nobody is there any more.
        }
    }

    /// <summary>What comes in goes to the command; whoever goes away ends it.</summary>
    private async Task TakeAsync(RunningCommand command, CancellationTokenSource gone)
    {
        try
        {
            var buffer = new byte[16 << 10];
            while (await socket.ReceiveAsync(buffer.AsMemory(), gone.Token) is { MessageType: not WebSocketMessageType.Close } read)
            {
                var text = read.MessageType == WebSocketMessageType.Text ? await TextAsync(buffer[..read.Count], gone.Token, read.EndOfMessage) : null;
                await GiveAsync(command, text, buffer.AsMemory(0, read.Count), gone.Token);
            }

            await gone.CancelAsync();
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException or ObjectDisposedException or InvalidOperationException)
        {
            await EndAsync(gone);
        }
    }

    private static async Task GiveAsync(RunningCommand command, byte[]? text, ReadOnlyMemory<byte> input, CancellationToken ct)
    {
        try
        {
            if (text is null) await command.WriteAsync(input, ct);
            else if (JsonSerializer.Deserialize(text, SlipwayJson.Default.ExecInput) is { } control)
            {
                if (control is { Columns: { } columns, Rows: { } rows }) await ResizeAsync(command, columns, rows, ct);
                if (control.End) command.EndInput();
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // A command that takes no more may go on all the same.
        }
    }

    private static async Task EndAsync(CancellationTokenSource gone)
    {
        try
        {
            await gone.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // The command had ended before.
        }
    }

    /// <summary>A whole text message, of which the beginning may be here; null for one that is none.</summary>
    private async Task<byte[]?> TextAsync(byte[] begin, CancellationToken ct, bool isWhole = false)
    {
        using var all = new MemoryStream();
        all.Write(begin);
        var buffer = new byte[16 << 10];
        while (!isWhole)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(), ct);
            if (read.MessageType != WebSocketMessageType.Text || all.Length + read.Count > MaxText) return null;
            all.Write(buffer, 0, read.Count);
            isWhole = read.EndOfMessage;
        }

        return all.ToArray();
    }
}
