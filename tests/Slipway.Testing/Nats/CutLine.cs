using System.Net;
using System.Net.Sockets;

namespace Slipway.Testing.Nats;

/// <summary>A wire to a server that can be cut: while it is, bytes go neither way and nobody is told, as behind a network that is parted.</summary>
public sealed class CutLine : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ended = new();
    private readonly List<Socket> _open = [];
    private readonly int _port;
    private readonly Task _accepting;
    private TaskCompletionSource _up = Open();
    private TaskCompletionSource _down = Open();

    public CutLine(int port)
    {
        _port = port;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Nothing passes in either direction.</summary>
    public void Cut()
    {
        _up = new(TaskCreationOptions.RunContinuationsAsynchronously);
        CutAnswers();
    }

    /// <summary>Questions arrive, answers do not.</summary>
    public void CutAnswers() => _down = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What lay on the wire is lost with its connections, and the next ones pass.</summary>
    public void Heal()
    {
        lock (_open)
        {
            foreach (var socket in _open) socket.Close(0);
            _open.Clear();
        }

        var (up, down) = (_up, _down);
        (_up, _down) = (Open(), Open());
        up.TrySetResult();
        down.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _listener.Stop();
        Heal();
        await _accepting;
        _ended.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_ended.Token);
                _ = JoinAsync(client);
            }
        }
        catch (Exception over) when (over is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task JoinAsync(Socket client)
    {
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using (client)
        {
            lock (_open) _open.AddRange([client, server]);
            try
            {
                await _up.Task.WaitAsync(_ended.Token);
                await server.ConnectAsync(IPAddress.Loopback, _port, _ended.Token);
                await Task.WhenAny(PassAsync(client, server, () => _up.Task), PassAsync(server, client, () => _down.Task));
            }
            catch (Exception cut) when (cut is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // Either end is gone.
            }
        }
    }

    private async Task PassAsync(Socket from, Socket to, Func<Task> gate)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, _ended.Token) is > 0 and var count)
            {
                await gate().WaitAsync(_ended.Token);
                await to.SendAsync(buffer.AsMemory(0, count), _ended.Token);
            }
        }
        catch (Exception cut) when (cut is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // As above.
        }
    }

    private static TaskCompletionSource Open()
    {
        var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        open.SetResult();
        return open;
    }
}
