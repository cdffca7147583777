using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Contract.Tests.Routing;

/// <summary>An app that misbehaves on purpose: it is handed each connection and the number it has.</summary>
internal sealed class RawApp : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    public RawApp(Func<NetworkStream, int, CancellationToken, Task> serve)
    {
        _listener.Start();
        Address = _listener.LocalEndpoint.ToString() ?? "";
        _loop = AcceptAsync(serve);
    }

    public string Address { get; }

    public int Connections { get; private set; }

    /// <summary>Reads one request's head; null when the client closed.</summary>
    public static async Task<string?> ReadHeadAsync(NetworkStream stream, CancellationToken ct)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, ct) == 0)
            {
                return null;
            }

            head.Append((char)one[0]);
        }

        return head.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _loop;
        _stop.Dispose();
    }

    private async Task AcceptAsync(Func<NetworkStream, int, CancellationToken, Task> serve)
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token), serve, ++Connections);
            }
        }
        catch (Exception e) when (_stop.IsCancellationRequested && e is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(TcpClient client, Func<NetworkStream, int, CancellationToken, Task> serve, int number)
    {
        using (client)
        {
            try
            {
                await serve(client.GetStream(), number, _stop.Token);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                // The edge or the test closed.
            }
        }
    }
}
