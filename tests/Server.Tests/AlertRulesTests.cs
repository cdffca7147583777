using Slipway.Testing;
using Slipway.Testing.Hosting;

namespace Server.Tests;

/// <summary>The files of <c>deploy/prometheus</c>, by Prometheus's own tool.</summary>
public sealed class AlertRulesTests
{
    [Theory]
    [InlineData("slipway.rules.yml", "check", "rules")]
    [InlineData("prometheus.yml", "check", "config", "--syntax-only")]
    [InlineData("slipway.rules.test.yml", "test", "rules")]
    public async Task Promtool_finds_nothing_wrong(string file, params string[] check)
    {
        PrometheusServer.Require();
        var said = await HostTool.RunAsync("promtool", [.. check, Path.Combine(Golden.Root, "deploy/prometheus", file)]);
        Assert.Contains("SUCCESS", said, StringComparison.Ordinal);
    }
}
