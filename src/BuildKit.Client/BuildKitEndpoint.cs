using System.Globalization;
using System.Net;
using System.Net.Sockets;
using BuildKit.Client.Transport;

namespace BuildKit.Client;

/// <summary>Where a BuildKit listens and how it is spoken to. Nothing is dialled before a client is used.</summary>
public abstract class BuildKitEndpoint
{
    private protected BuildKitEndpoint() { }

    /// <summary>
    /// The BuildKit inside a Docker Engine (18.09 to 28), by its unix socket: <c>POST /grpc</c> and <c>POST /session</c>, each upgraded
    /// to HTTP/2 (moby api/server/router/grpc and /session).
    /// </summary>
    public static BuildKitEndpoint DockerEngine(string socketPath = "/var/run/docker.sock") => new EngineEndpoint(socketPath);

    /// <summary>A BuildKit that speaks gRPC on its socket without encryption: <c>buildkitd</c>, or an Engine of API 1.53 and later.</summary>
    public static BuildKitEndpoint NativeUnix(string socketPath) => new NativeEndpoint($"unix://{socketPath}", new UnixDomainSocketEndPoint(socketPath), null);

    /// <summary>The same by TCP. Nothing is encrypted and nobody is asked who he is: only for a network that is closed otherwise.</summary>
    public static BuildKitEndpoint NativeTcp(string host, int port) => new NativeEndpoint($"tcp://{host}:{port}", new DnsEndPoint(host, port), null);

    /// <summary>The same by TCP and TLS, with a client certificate where one is given: what <c>buildkitd --tlscacert</c> asks for.</summary>
    public static BuildKitEndpoint NativeTls(string host, int port, BuildKitTls tls) => new NativeEndpoint($"tcp://{host}:{port}", new DnsEndPoint(host, port), new TlsDialer(tls, host));

    /// <summary>
    /// An address as people write it: <c>unix:///run/buildkit/buildkitd.sock</c> or <c>tcp://host:1234</c> as in BUILDKIT_HOST, or
    /// <c>docker:///var/run/docker.sock</c> for an Engine. With <paramref name="tls"/>, TCP is encrypted.
    /// </summary>
    /// <exception cref="FormatException">It is none of these.</exception>
    public static BuildKitEndpoint Parse(string address, BuildKitTls? tls = null) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri)
            ? uri switch
            {
                { Scheme: "docker", AbsolutePath.Length: > 1 } => DockerEngine(uri.AbsolutePath),
                { Scheme: "unix", AbsolutePath.Length: > 1 } => NativeUnix(uri.AbsolutePath),
                { Scheme: "tcp", Port: > 0, Host.Length: > 0 } => tls is null ? NativeTcp(uri.IdnHost, uri.Port) : NativeTls(uri.IdnHost, uri.Port, tls),
                _ => throw NotUnderstood(address),
            }
            : throw NotUnderstood(address);

    /// <summary>For messages; the address without anything secret.</summary>
    public abstract override string ToString();

    /// <summary>A connection that speaks HTTP/2 with us as the client.</summary>
    /// <exception cref="BuildKitConnectionException">Nothing answers, or not as it should.</exception>
    internal abstract Task<Stream> ConnectAsync(CancellationToken ct);

    /// <summary>A connection of its own on which the daemon calls our session's services; null when it must go through Control.Session.</summary>
    internal abstract Task<Stream?> ConnectSessionAsync(IReadOnlyList<KeyValuePair<string, string>> headers, CancellationToken ct);

    private static FormatException NotUnderstood(string address) =>
        new(string.Create(CultureInfo.InvariantCulture, $"\"{address}\" is no address of a BuildKit; write unix:///path, tcp://host:port, or docker:///path for a Docker Engine"));

    private sealed class EngineEndpoint(string socketPath) : BuildKitEndpoint
    {
        public override string ToString() => $"docker://{socketPath}";

        internal override Task<Stream> ConnectAsync(CancellationToken ct) => OpenAsync("/grpc", [], ct);

        internal override async Task<Stream?> ConnectSessionAsync(IReadOnlyList<KeyValuePair<string, string>> headers, CancellationToken ct) => await OpenAsync("/session", headers, ct);

        private Task<Stream> OpenAsync(string path, IReadOnlyList<KeyValuePair<string, string>> headers, CancellationToken ct) =>
            Dialer.DialAsync(this, new UnixDomainSocketEndPoint(socketPath), stream => H2cUpgrade.UpgradeAsync(stream, path, headers, ct), ct);
    }

    private sealed class NativeEndpoint(string name, EndPoint address, TlsDialer? tls) : BuildKitEndpoint
    {
        public override string ToString() => name;

        internal override Task<Stream> ConnectAsync(CancellationToken ct) =>
            Dialer.DialAsync(this, address, stream => tls is null ? Task.FromResult(stream) : tls.EncryptAsync(stream, ct), ct);

        internal override Task<Stream?> ConnectSessionAsync(IReadOnlyList<KeyValuePair<string, string>> headers, CancellationToken ct) => Task.FromResult<Stream?>(null);
    }
}
