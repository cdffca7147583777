using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Slipway.Testing.BuildKit;

/// <summary>
/// An Engine's BuildKit as a standalone one would be met: a unix socket with plain HTTP/2, and a TCP port with TLS on both sides.
/// <code>
/// client ──h2c or h2 over mTLS──▶ bridge ──POST /grpc, 101, then the same bytes──▶ Engine
/// </code>
/// </summary>
public sealed class EngineBridge : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("bkbridge").FullName;
    private readonly string _engineSocket;
    private readonly Socket _unix = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Socket _tcp = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Task[] _accepting;
    private int _connections;

    public EngineBridge(string engineSocket = "/var/run/docker.sock")
    {
        _engineSocket = engineSocket;
        _unix.Bind(new UnixDomainSocketEndPoint(UnixSocket));
        _unix.Listen();
        _tcp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _tcp.Listen();
        _accepting = [AcceptAsync(_unix, stream => Task.FromResult(stream)), AcceptAsync(_tcp, EncryptAsync)];
    }

    public string UnixSocket => Path.Combine(_folder, "s");

    public int TcpPort => (_tcp.LocalEndPoint as IPEndPoint)?.Port ?? 0;

    /// <summary>Who signs for both sides.</summary>
    public TestAuthority Authority { get; } = new("bridge");

    /// <summary>How many were taken and said something, which then goes to the engine.</summary>
    public int Connections => _connections;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _unix.Dispose();
        _tcp.Dispose();
        await Task.WhenAll(_accepting);
        Authority.Dispose();
        Directory.Delete(_folder, recursive: true);
        _end.Dispose();
    }

    private async Task AcceptAsync(Socket listener, Func<Stream, Task<Stream>> secure)
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                _ = ServeAsync(new NetworkStream(await listener.AcceptAsync(_end.Token), ownsSocket: true), secure);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Stream plain, Func<Stream, Task<Stream>> secure)
    {
        try
        {
            await using var near = await secure(plain);
            // In TLS 1.3 our side of the handshake may be done before the client refuses us, so only who speaks has come in; in HTTP/2
            // the client speaks first.
            var first = new byte[16 << 10];
            var said = await near.ReadAsync(first, _end.Token);
            if (said == 0) return;
            Interlocked.Increment(ref _connections);
            await using var far = await UpgradeAsync();
            await far.WriteAsync(first.AsMemory(0, said), _end.Token);
            // Whichever side ends first ends both, as one connection would.
            await Task.WhenAny(near.CopyToAsync(far, _end.Token), far.CopyToAsync(near, _end.Token));
        }
        catch (Exception e) when (e is IOException or SocketException or System.Security.Authentication.AuthenticationException or OperationCanceledException)
        {
            await plain.DisposeAsync();
        }
    }

    private async Task<Stream> EncryptAsync(Stream plain)
    {
        var stream = new SslStream(plain);
        await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
        {
            ServerCertificate = Authority.Server,
            ClientCertificateRequired = true,
            ApplicationProtocols = [SslApplicationProtocol.Http2],
            CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { Authority.Root }, RevocationMode = X509RevocationMode.NoCheck },
        }, _end.Token);
        return stream;
    }

    private async Task<Stream> UpgradeAsync()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(_engineSocket), _end.Token);
        var stream = new NetworkStream(socket, ownsSocket: true);
        await stream.WriteAsync("POST /grpc HTTP/1.1\r\nHost: docker\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), _end.Token);
        // Byte by byte: what follows the empty line is HTTP/2's.
        var header = new List<byte>();
        var one = new byte[1];
        while (!header.TakeLast(4).SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            if (await stream.ReadAsync(one, _end.Token) == 0) throw new IOException("the engine closed the connection");
            header.Add(one[0]);
        }

        var answer = Encoding.ASCII.GetString([.. header]);
        return answer.StartsWith("HTTP/1.1 101", StringComparison.Ordinal) ? stream : throw new IOException($"the engine answered {answer}");
    }
}
