using System.Net;
using System.Net.Sockets;
using BuildKit.Client.Transport;

namespace BuildKit.Client;

/// <summary>Where a BuildKit listens and how it is spoken to.</summary>
public abstract class BuildKitEndpoint
{
    private protected BuildKitEndpoint() { }

    /// <summary>The BuildKit inside a Docker Engine (18.09 to 28), by its unix socket.</summary>
    public static BuildKitEndpoint DockerEngine(string socketPath = "/var/run/docker.sock") => new EngineEndpoint(socketPath);

    /// <summary>A BuildKit that speaks gRPC on its socket without encryption: <c>buildkitd</c>, or an Engine of API 1.53 and later.</summary>
    public static BuildKitEndpoint NativeUnix(string socketPath) => new NativeEndpoint($"unix://{socketPath}", new UnixDomainSocketEndPoint(socketPath));

    /// <summary>The same by TCP. Nothing is encrypted and nobody is asked who he is: only for a network that is closed otherwise.</summary>
    public static BuildKitEndpoint NativeTcp(string host, int port) => new NativeEndpoint($"tcp://{host}:{port}", new DnsEndPoint(host, port));

    /// <summary>For messages.</summary>
    public abstract override string ToString();

    /// <summary>A connection that speaks HTTP/2 with us as the client.</summary>
    internal abstract Task<Stream> ConnectAsync(CancellationToken ct);

    /// <summary>A connection of its own on which the daemon calls our session's services; null when it must go through Control.Session.</summary>
    internal abstract Task<Stream?> ConnectSessionAsync(IReadOnlyList<KeyValuePair<string, string>> headers, CancellationToken ct);

    private sealed class EngineEndpoint(string socketPath) : BuildKitEndpoint
    {
        public override string ToString() => $"unix://{socketPath}";

        internal override Task<Stream> ConnectAsync(CancellationToken ct) => OpenAsync("/grpc", [], ct);

        internal override async Task<Stream?> ConnectSessionAsync(IReadOnlyList<KeyValuePair<string, string>> headers, CancellationToken ct) => await OpenAsync("/session", headers, ct);

        private async Task<Stream> OpenAsync(string path, IReadOnlyList<KeyValuePair<string, string>> headers, CancellationToken ct)
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), ct);
                return await H2cUpgrade.UpgradeAsync(socket, path, headers, ct);
            }
            catch (Exception e) when (e is SocketException or IOException)
            {
                socket.Dispose();
                throw new BuildKitConnectionException($"the Docker Engine does not answer at {this}: {e.Message}", e);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }

    private sealed class NativeEndpoint(string name, EndPoint address) : BuildKitEndpoint
    {
        public override string ToString() => name;

        internal override async Task<Stream> ConnectAsync(CancellationToken ct)
        {
            var socket = address is DnsEndPoint
                ? new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
                : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(address, ct);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException e)
            {
                socket.Dispose();
                throw new BuildKitConnectionException($"BuildKit does not answer at {this}: {e.Message}", e);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        internal override Task<Stream?> ConnectSessionAsync(IReadOnlyList<KeyValuePair<string, string>> headers, CancellationToken ct) => Task.FromResult<Stream?>(null);
    }
}
