using System.Net.Sockets;
using System.Text;

namespace Contract.Tests.Routing;

/// <summary>A client that keeps to no rule: sends bytes, reads what comes.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly TcpClient _tcp = new();

    public static async Task<RawClient> ConnectAsync(string host, int port)
    {
        var client = new RawClient();
        await client._tcp.ConnectAsync(host, port);
        return client;
    }

    public static Task<RawClient> ConnectAsync(Uri address) => ConnectAsync(address.Host, address.Port);

    public async Task SendAsync(string bytes) => await _tcp.GetStream().WriteAsync(Encoding.Latin1.GetBytes(bytes));

    /// <summary>Everything until the other side closes.</summary>
    public async Task<string> ReadToEndAsync(CancellationToken ct)
    {
        using var reader = new StreamReader(_tcp.GetStream(), Encoding.Latin1, leaveOpen: true);
        return await reader.ReadToEndAsync(ct);
    }

    /// <summary>Until a text has come; null when the other side closed before.</summary>
    public async Task<string?> ReadUntilAsync(string text, CancellationToken ct)
    {
        var seen = new StringBuilder();
        var buffer = new byte[4096];
        while (!seen.ToString().Contains(text, StringComparison.Ordinal))
        {
            var read = await _tcp.GetStream().ReadAsync(buffer, ct);
            if (read == 0)
            {
                return null;
            }

            seen.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }

        return seen.ToString();
    }

    /// <summary>Ends with a reset, as a client that vanishes.</summary>
    public void Reset()
    {
        _tcp.LingerState = new LingerOption(true, 0);
        _tcp.Close();
    }

    public void Dispose() => _tcp.Dispose();
}
