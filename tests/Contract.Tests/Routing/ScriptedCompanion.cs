using System.Net.Sockets;
using System.Text;

namespace Contract.Tests.Routing;

/// <summary>Answers as a test says, and counts.</summary>
internal sealed class ScriptedCompanion : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _serving;

    public ScriptedCompanion(string path, Func<string, Task<string>> answer)
    {
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen();
        _serving = ServeAsync(answer);
    }

    /// <summary>How often it was asked.</summary>
    public int Asked { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _serving;
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task ServeAsync(Func<string, Task<string>> answer)
    {
        var buffer = new byte[1024];
        while (true)
        {
            try
            {
                using var client = await _listener.AcceptAsync(_end.Token);
                var said = Encoding.ASCII.GetString(buffer, 0, await client.ReceiveAsync(buffer, _end.Token));
                Asked++;
                await client.SendAsync(Encoding.ASCII.GetBytes(await answer(said)), _end.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
