namespace Contract.Tests.Routing;

/// <summary>What the native edge says when it cannot start.</summary>
[Trait("speed", "slow")]
public sealed class NativeEdgeStartTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("slipway-native-edge-").FullName;

    [Theory]
    [InlineData("SLIPWAY_PORT", "http", "SLIPWAY_PORT is 'http'")]
    [InlineData("Slipway__Edge__CacheMegabytes", "-1", "Slipway:Edge:CacheMegabytes is -1")]
    [InlineData("Slipway__Edge__PasswordLifetime", "00:00:01", "Slipway:Edge:PasswordLifetime is 00:00:01")]
    [InlineData("Slipway__Edge__Tls__Port", "70000", "Slipway:Edge:Tls:Port is 70000")]
    [InlineData("Slipway__Edge__MetricsTokenFile", "/no/such/token", "Slipway:Edge:MetricsTokenFile: there is no /no/such/token")]
    public async Task A_wrong_setting_is_named_and_nothing_is_opened(string name, string value, string told)
    {
        var (code, said) = await RunAsync(new() { ["SLIPWAY_PORT"] = "18080", [name] = value });
        Assert.Equal(2, code);
        Assert.Contains(told, said, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.Combine(_home, "run")));
    }

    [Fact]
    public async Task Other_roles_are_not_its_own()
    {
        var (code, said) = await RunAsync([], "--roles", "api");
        Assert.Equal(2, code);
        Assert.Contains("this program is the edge alone", said, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_home, recursive: true);

    private async Task<(int Code, string Said)> RunAsync(Dictionary<string, string> settings, params string[] arguments)
    {
        var ct = TestContext.Current.CancellationToken;
        using var process = NativeEdge.Start(await NativeEdge.FileAsync(), _home, settings, arguments);
        process.BeginOutputReadLine();
        var said = await process.StandardError.ReadToEndAsync(ct).WaitAsync(TimeSpan.FromSeconds(20), ct);
        await process.WaitForExitAsync(ct);
        return (process.ExitCode, said);
    }
}
