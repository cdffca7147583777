using System.Text;

namespace BuildKit.Client.Transport;

/// <summary>
/// The engine's hijack: an HTTP/1.1 POST with <c>Upgrade: h2c</c>, answered by 101, after which the same connection speaks HTTP/2
/// with prior knowledge (PROTOCOL.md §2; deprecated since API 1.53, still there in Engine 28).
/// <code>
/// POST /session ──▶ engine            101 ◀── engine, whose first HTTP/2 bytes may lie in the same packet
/// </code>
/// </summary>
internal static class H2cUpgrade
{
    private const int MaxHeader = 64 * 1024;

    /// <summary>The connection after its 101; the stream stays the caller's.</summary>
    /// <exception cref="BuildKitConnectionException">The engine answered something else; its text is in the message.</exception>
    public static async Task<Stream> UpgradeAsync(Stream stream, string path, IEnumerable<KeyValuePair<string, string>> headers, CancellationToken ct)
    {
        var request = new StringBuilder($"POST {path} HTTP/1.1\r\nHost: docker\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 0\r\n");
        foreach (var (name, value) in headers) request.Append(name).Append(": ").Append(value).Append("\r\n");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request.Append("\r\n").ToString()), ct);

        var answer = await ReadHeaderAsync(stream, ct);
        if (answer.StartsWith("HTTP/1.1 101", StringComparison.Ordinal)) return stream;
        var body = new byte[4096];
        var read = await stream.ReadAsync(body, ct);
        throw new BuildKitConnectionException($"the engine refused {path}: {answer.Split("\r\n")[0]} {Encoding.UTF8.GetString(body, 0, read).Trim()}");
    }

    /// <summary>Byte by byte up to the empty line: what follows belongs to HTTP/2 and must stay in the socket.</summary>
    private static async Task<string> ReadHeaderAsync(Stream stream, CancellationToken ct)
    {
        var header = new List<byte>(256);
        var one = new byte[1];
        while (header.Count < MaxHeader)
        {
            if (await stream.ReadAsync(one, ct) == 0) throw new BuildKitConnectionException("the engine closed the connection before it answered");
            header.Add(one[0]);
            if (header.Count >= 4 && header[^4] == '\r' && header[^3] == '\n' && header[^2] == '\r' && header[^1] == '\n') return Encoding.ASCII.GetString([.. header]);
        }

        throw new BuildKitConnectionException("the engine's answer has no end");
    }
}
