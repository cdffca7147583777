using System.Net.Sockets;
using System.Security.Cryptography;
using BuildKit.Client.Transport;

namespace BuildKit.Client.Tests;

/// <summary>
/// The way to a standalone buildkitd, with the session inside a call. No buildkitd can be had from Debian 12, so a relay does the
/// engine's hijack and passes the bytes on: what the client sees is a socket with plain gRPC and a real BuildKit behind it.
/// </summary>
[Trait("needs", "engine")]
public sealed class NativeEndpointTests : IAsyncLifetime
{
    private readonly string _root = Directory.CreateTempSubdirectory("bknative").FullName;
    private readonly CancellationTokenSource _end = new();
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    private string SocketPath => Path.Combine(_root, "s");

    public async ValueTask InitializeAsync()
    {
        await BusyboxBase.EnsureAsync();
        _listener.Bind(new UnixDomainSocketEndPoint(SocketPath));
        _listener.Listen();
        _ = RelayAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public async Task A_build_runs_with_its_session_in_a_tunnel()
    {
        await using var client = new BuildKitClient(BuildKitEndpoint.NativeUnix(SocketPath));
        var key = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        var context = Directory.CreateDirectory(Path.Combine(_root, "context")).FullName;
        var big = RandomNumberGenerator.GetBytes(5 << 20);
        await File.WriteAllBytesAsync(Path.Combine(context, "big"), big);
        var seen = new Recorder();

        var result = await client.BuildAsync(
            new()
            {
                Context = new DirectoryContext(context),
                Dockerfile = MemoryContext.Dockerfile($"FROM {BusyboxBase.Name}\nCOPY big /big\nRUN --mount=type=secret,id=s busybox sha256sum /big /run/secrets/s\n"),
                SharedKey = key,
                Secrets = new Dictionary<string, byte[]> { ["s"] = big[..1000] },
            },
            seen.Tell, TestContext.Current.CancellationToken);

        Assert.StartsWith("sha256:", result.Digest, StringComparison.Ordinal);
        Assert.Equal([$"{Hash(big)}  /big", $"{Hash(big[..1000])}  /run/secrets/s"], seen.Lines);
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private async Task RelayAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            var near = new NetworkStream(await _listener.AcceptAsync(_end.Token), ownsSocket: true);
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint("/var/run/docker.sock"), _end.Token);
            var far = await H2cUpgrade.UpgradeAsync(socket, "/grpc", [], _end.Token);
            _ = near.CopyToAsync(far, _end.Token);
            _ = far.CopyToAsync(near, _end.Token);
        }
    }
}
