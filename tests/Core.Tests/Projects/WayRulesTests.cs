using System.Net;
using Slipway.Core.Projects;

namespace Core.Tests.Projects;

public class WayRulesTests
{
    private static readonly IPAddress[] Own = [IPAddress.Parse("192.168.1.10")];
    private static readonly IPNetwork[] Bridges = [IPNetwork.Parse("172.17.0.0/16")];

    [Theory]
    [InlineData("10.0.0.5:5432")]
    [InlineData("192.168.1.11:1")]
    [InlineData("172.18.0.9:65535")]
    [InlineData("100.64.3.4:6379")]
    public void A_machine_of_a_private_network_may_be_reached(string text) => Assert.Equal(text, WayRules.Check(text, Own, Bridges).Value.ToString());

    [Theory]
    [InlineData(null, "allow.address_invalid")]
    [InlineData("", "allow.address_invalid")]
    [InlineData("10.0.0.5", "allow.address_invalid")]
    [InlineData("10.0.0.5:", "allow.address_invalid")]
    [InlineData("10.0.0.5:0", "allow.address_invalid")]
    [InlineData("10.0.0.5:65536", "allow.address_invalid")]
    [InlineData("10.0.0.5:+1", "allow.address_invalid")]
    [InlineData("10.5:5432", "allow.address_invalid")]
    [InlineData("0x0a000005:5432", "allow.address_invalid")]
    [InlineData("010.0.0.5:5432", "allow.address_invalid")]
    [InlineData("10.0.0.0/8:5432", "allow.address_invalid")]
    [InlineData("db.internal:5432", "allow.address_invalid")]
    [InlineData("10.0.0.5 . 22, 10.0.0.6:1", "allow.address_invalid")]
    [InlineData("[fd00::5]:5432", "allow.address_invalid")]
    [InlineData("169.254.169.254:80", "allow.address_refused")]
    [InlineData("100.100.100.200:80", "allow.address_refused")]
    [InlineData("127.0.0.1:5432", "allow.address_refused")]
    [InlineData("0.0.0.0:5432", "allow.address_refused")]
    [InlineData("224.0.0.1:1", "allow.address_refused")]
    [InlineData("255.255.255.255:1", "allow.address_refused")]
    [InlineData("192.168.1.10:7420", "allow.address_refused")]
    [InlineData("172.17.0.2:3000", "allow.address_refused")]
    [InlineData("8.8.8.8:53", "allow.not_needed")]
    public void All_else_is_refused_in_words(string? text, string code)
    {
        var failure = WayRules.Check(text, Own, Bridges).Failure;
        Assert.Equal(code, failure?.Code);
        Assert.NotEmpty(failure?.Hint ?? "");
    }
}
