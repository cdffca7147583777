using Microsoft.Extensions.Configuration;
using Slipway.BuildKit;
using Slipway.Home;
using Slipway.Server.Hosting;

namespace Server.Tests;

public sealed class BuildKitSettingsTests
{
    [Fact]
    public void None_is_the_engines_own() => Assert.False(Read().IsStandalone);

    [Fact]
    public void One_and_several_are_all_of_them_each_once()
    {
        Assert.Equal("the BuildKit at tcp://one:1", Read(("Address", "tcp://one:1")).Describe());
        Assert.Equal("the BuildKits at tcp://one:1, tcp://two:1", Read(("Address", "tcp://one:1"), ("Addresses:0", "tcp://one:1"), ("Addresses:1", " tcp://two:1 ")).Describe());
        Assert.True(Read(("Addresses:0", "tcp://one:1")).IsStandalone);
    }

    [Theory]
    [InlineData("Address", "one:1")]
    [InlineData("Addresses:1", "http://two")]
    public void An_address_that_is_none_is_named_by_its_setting(string name, string value)
    {
        var e = Assert.Throws<SettingsException>(() => Read((name, value)));
        Assert.StartsWith($"Slipway:BuildKit:{name.Split(':')[0]}:", e.Message, StringComparison.Ordinal);
        Assert.Contains(value, e.Message, StringComparison.Ordinal);
    }

    private static BuildKitOptions Read(params (string Name, string Value)[] settings) =>
        BuildKitSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create($"Slipway:BuildKit:{s.Name}", (string?)s.Value))).Build());
}
