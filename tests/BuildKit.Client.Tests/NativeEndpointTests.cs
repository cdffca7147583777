using System.Security.Cryptography;
using Slipway.Testing.BuildKit;

namespace BuildKit.Client.Tests;

/// <summary>
/// The ways to a standalone buildkitd, with the session inside a call. No buildkitd can be had from Debian, so a bridge does the
/// engine's hijack: what the client sees is plain gRPC, or gRPC over TLS, with a real BuildKit behind it.
/// </summary>
[Trait("needs", "engine")]
public sealed class NativeEndpointTests : IAsyncLifetime
{
    private readonly string _root = Directory.CreateTempSubdirectory("bknative").FullName;
    private readonly EngineBridge _bridge = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => BusyboxBase.EnsureAsync();

    public async ValueTask DisposeAsync()
    {
        await _bridge.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public Task A_build_runs_over_a_unix_socket_with_its_session_in_a_tunnel() => BuildsAsync(BuildKitEndpoint.NativeUnix(_bridge.UnixSocket));

    [Fact]
    public Task A_build_runs_over_TLS_with_certificates_on_both_sides() => BuildsAsync(Tls(new() { Authorities = [_bridge.Authority.Root], ClientCertificate = _bridge.Authority.Client }));

    [Fact]
    public async Task Certificates_are_read_from_PEM_files_and_the_server_may_bear_another_name()
    {
        var a = _bridge.Authority;
        await using var client = new BuildKitClient(BuildKitEndpoint.Parse($"tcp://127.0.0.1:{_bridge.TcpPort}", BuildKitTls.FromPem(a.RootFile, a.ClientFile, a.ClientKeyFile, "buildkitd.test")));
        Assert.NotEmpty(await client.ListWorkersAsync(Ct));
    }

    [Fact]
    public async Task A_client_without_a_certificate_is_sent_away()
    {
        await using var client = new BuildKitClient(Tls(new() { Authorities = [_bridge.Authority.Root] }));
        await Assert.ThrowsAsync<BuildKitConnectionException>(() => client.ListWorkersAsync(Ct));
        Assert.Equal(0, _bridge.Connections);
    }

    [Fact]
    public async Task A_daemon_that_another_authority_signed_for_is_not_believed()
    {
        using var other = new TestAuthority("other");
        await using var client = new BuildKitClient(Tls(new() { Authorities = [other.Root], ClientCertificate = _bridge.Authority.Client }));
        var failure = await Assert.ThrowsAsync<BuildKitConnectionException>(() => client.ListWorkersAsync(Ct));
        Assert.Contains("certificate", failure.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(0, _bridge.Connections);
    }

    [Fact]
    public async Task A_daemon_by_another_name_than_its_certificates_is_not_believed()
    {
        await using var client = new BuildKitClient(Tls(new() { Authorities = [_bridge.Authority.Root], ClientCertificate = _bridge.Authority.Client, ServerName = "elsewhere.test" }));
        await Assert.ThrowsAsync<BuildKitConnectionException>(() => client.ListWorkersAsync(Ct));
    }

    [Theory]
    [InlineData("unix:///run/buildkit/buildkitd.sock", "unix:///run/buildkit/buildkitd.sock")]
    [InlineData("tcp://builder.test:1234", "tcp://builder.test:1234")]
    [InlineData("docker:///var/run/docker.sock", "docker:///var/run/docker.sock")]
    public void Addresses_are_understood_as_people_write_them(string address, string expected) => Assert.Equal(expected, BuildKitEndpoint.Parse(address).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("/var/run/docker.sock")]
    [InlineData("tcp://builder.test")]
    [InlineData("https://builder.test:1234")]
    public void Other_addresses_are_refused_in_words(string address) => Assert.Contains(address, Assert.Throws<FormatException>(() => BuildKitEndpoint.Parse(address)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_certificate_that_is_not_there_is_told_by_its_name() =>
        Assert.Contains("/nowhere/ca.pem", Assert.Throws<BuildKitConnectionException>(() => BuildKitTls.FromPem("/nowhere/ca.pem", null, null)).Message, StringComparison.Ordinal);

    private BuildKitEndpoint Tls(BuildKitTls tls) => BuildKitEndpoint.NativeTls("127.0.0.1", _bridge.TcpPort, tls);

    private async Task BuildsAsync(BuildKitEndpoint endpoint)
    {
        await using var client = new BuildKitClient(endpoint);
        var context = Directory.CreateDirectory(Path.Combine(_root, "context")).FullName;
        var big = RandomNumberGenerator.GetBytes(5 << 20);
        await File.WriteAllBytesAsync(Path.Combine(context, "big"), big, Ct);
        var seen = new Recorder();

        var result = await client.BuildAsync(
            new()
            {
                Context = new DirectoryContext(context),
                Dockerfile = MemoryContext.Dockerfile($"FROM {BusyboxBase.Name}\nCOPY big /big\nRUN --mount=type=secret,id=s busybox sha256sum /big /run/secrets/s\n"),
                SharedKey = Convert.ToHexString(RandomNumberGenerator.GetBytes(16)),
                Secrets = new Dictionary<string, byte[]> { ["s"] = big[..1000] },
            },
            seen.Tell, Ct);

        Assert.StartsWith("sha256:", result.Digest, StringComparison.Ordinal);
        Assert.Equal([$"{Hash(big)}  /big", $"{Hash(big[..1000])}  /run/secrets/s"], seen.Lines);
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
