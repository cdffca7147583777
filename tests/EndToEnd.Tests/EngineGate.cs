using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace EndToEnd.Tests;

/// <summary>
/// The engine's socket behind a gate: bytes pass as they are, but one request that a test names is held, either before the engine
/// hears of it or, when the engine has done it, before the caller hears back. So a server can be killed at exactly that place.
/// </summary>
public sealed class EngineGate : IAsyncDisposable
{
    private const string Engine = "/var/run/docker.sock";
    private readonly CancellationTokenSource _closing = new();
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly string _folder = Directory.CreateTempSubdirectory("engine-gate-").FullName;
    private readonly Task _accepting;
    private volatile Hold? _hold;

    public EngineGate()
    {
        SocketPath = Path.Combine(_folder, "docker.sock");
        _listener.Bind(new UnixDomainSocketEndPoint(SocketPath));
        _listener.Listen(64);
        _accepting = AcceptAsync();
    }

    public string SocketPath { get; }

    /// <summary>Holds the next request whose first line matches; <see cref="Hold.Reached"/> ends when it is there.</summary>
    public Hold Close(string firstLine, bool afterTheEngine = false) => _hold = new Hold(new Regex(firstLine), afterTheEngine);

    public void Open() => _hold = null;

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _closing.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = PassAsync(await _listener.AcceptAsync(_closing.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task PassAsync(Socket caller)
    {
        using var engine = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        using (caller)
        {
            try
            {
                await engine.ConnectAsync(new UnixDomainSocketEndPoint(Engine), _closing.Token);
                var connection = new Connection();
                await Task.WhenAll(CopyAsync(caller, engine, b => AskAsync(connection, b)), CopyAsync(engine, caller, _ => AnswerAsync(connection)));
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                // One of the two is gone.
            }
        }
    }

    private async Task CopyAsync(Socket from, Socket to, Func<ReadOnlyMemory<byte>, Task> before)
    {
        var buffer = new byte[64 * 1024];
        for (var read = await from.ReceiveAsync(buffer, _closing.Token); read > 0; read = await from.ReceiveAsync(buffer, _closing.Token))
        {
            await before(buffer.AsMemory(0, read));
            await to.SendAsync(buffer.AsMemory(0, read), _closing.Token);
        }

        to.Shutdown(SocketShutdown.Send);
    }

    /// <summary>A request begins where a piece begins: the engine's clients write a head at once.</summary>
    private async Task AskAsync(Connection connection, ReadOnlyMemory<byte> piece)
    {
        if (_hold is not { } hold) return;
        var head = Encoding.Latin1.GetString(piece.Span[..Math.Min(300, piece.Length)]);
        if (!hold.FirstLine.IsMatch(head.Split('\r')[0])) return;
        if (hold.AfterTheEngine) connection.Held = hold;
        else await hold.HereAsync(_closing.Token);
    }

    private async Task AnswerAsync(Connection connection)
    {
        if (connection.Held is { } hold) await hold.HereAsync(_closing.Token);
    }

    private sealed class Connection
    {
        public Hold? Held { get; set; }
    }

    /// <summary>A place where requests stop; whoever stops here stays until its caller is gone.</summary>
    public sealed class Hold(Regex firstLine, bool afterTheEngine)
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal Regex FirstLine { get; } = firstLine;

        internal bool AfterTheEngine { get; } = afterTheEngine;

        public Task Reached => _reached.Task;

        internal Task HereAsync(CancellationToken ct)
        {
            _reached.TrySetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
        }
    }
}
