using System.Net.Sockets;
using System.Text.Json;
using Slipway.Docker;

namespace Slipway.Contract.Tests.Engine;

public sealed class EngineProbeTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("needs", "engine")]
    public async Task Engine_tells_its_versions_and_its_disk()
    {
        Assert.SkipUnless(File.Exists("/var/run/docker.sock") || Environment.GetEnvironmentVariable("CI") == "true", "No Docker Engine here.");
        var probe = Probe(null);

        var status = await probe.LookAsync(Ct);

        Assert.True(status.IsReachable, status.Problem);
        Assert.NotNull(status.Version);
        Assert.NotNull(status.ApiVersion);
        Assert.NotNull(await probe.UsageAsync(Ct));
    }

    [Fact]
    public async Task Socket_that_is_missing_says_that_nothing_listens()
    {
        var status = await Probe("unix:///nowhere/docker.sock").LookAsync(Ct);

        Assert.False(status.IsReachable);
        Assert.Equal("No Docker Engine listens at /nowhere/docker.sock.", status.Problem);
        Assert.Equal("/nowhere/docker.sock", Probe("unix:///nowhere/docker.sock").Socket);
        Assert.NotNull(status.Hint);
        Assert.Null(await Probe("unix:///nowhere/docker.sock").UsageAsync(Ct));
    }

    [Fact]
    public async Task Endpoint_that_is_no_unix_socket_is_named()
    {
        var status = await Probe("tcp://10.0.0.1:2375").LookAsync(Ct);

        Assert.Contains("tcp://10.0.0.1:2375", status.Problem, StringComparison.Ordinal);
        Assert.Equal("tcp://10.0.0.1:2375", Probe("tcp://10.0.0.1:2375").Socket);
    }

    [Theory]
    [InlineData(SocketError.AccessDenied, "may not use")]
    [InlineData(SocketError.ConnectionRefused, "No Docker Engine listens")]
    public void Socket_errors_become_words(SocketError error, string words)
    {
        var status = EngineProblem.Of(new HttpRequestException("", new SocketException((int)error)), "/s");

        Assert.Contains(words, status.Problem, StringComparison.Ordinal);
        Assert.NotNull(status.Hint);
    }

    [Fact]
    public void Silence_becomes_words() =>
        Assert.Contains("does not answer", EngineProblem.Of(new OperationCanceledException(), "/s").Problem, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"LayersSize":7,"BuildCache":[{"Size":2,"Shared":true},{"Size":3,"Shared":false}]}""", 7, 3, 0)]
    [InlineData("""{"LayersSize":7,"BuildCache":null,"Images":[{"Size":9,"SharedSize":4,"Labels":{"slipway.home":"0123abcd"}},{"Size":9,"SharedSize":-1,"Labels":null}]}""", 7, 0, 9)]
    [InlineData("""{"ImageUsage":{"TotalSize":5},"BuildCacheUsage":{"TotalSize":6}}""", 5, 6, 0)]
    [InlineData("{}", 0, 0, 0)]
    public void Usage_is_read_in_both_shapes(string answer, long images, long cache, long own)
    {
        using var document = JsonDocument.Parse(answer);
        Assert.Equal(new EngineUsage(images, cache, own), EngineUsageAnswer.Read(document.RootElement, "0123abcd"));
    }

    [Theory]
    [InlineData(null, null, "/var/run/docker.sock")]
    [InlineData(null, "unix:///run/user/1000/docker.sock", "/run/user/1000/docker.sock")]
    [InlineData(null, "ssh://elsewhere", "/var/run/docker.sock")]
    [InlineData("unix:///a", "unix:///b", "/a")]
    public void Endpoint_is_what_is_set_then_the_environments_then_the_usual(string? configured, string? environment, string expected) =>
        Assert.Equal(expected, EngineEndpoint.Resolve(configured, environment).AbsolutePath);

    private static EngineProbe Probe(string? endpoint) =>
        new(Microsoft.Extensions.Options.Options.Create(new DockerOptions { Endpoint = endpoint, HomeId = "0123abcd" }), TimeProvider.System);
}
