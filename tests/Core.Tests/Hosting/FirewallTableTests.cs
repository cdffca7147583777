using System.Net;
using Slipway.Core.Hosting;
using Slipway.Testing;

namespace Slipway.Core.Tests.Hosting;

public sealed class FirewallTableTests
{
    private static readonly FirewallRules _rules = new()
    {
        HomeId = "0123abcd",
        FencedInterfaces = ["slp-0123abcd", "docker0"],
        Nameservers = [IPAddress.Parse("10.0.0.53"), IPAddress.Parse("fd00::53"), IPAddress.Parse("10.0.0.53")],
        Allowed = [new(IPAddress.Parse("10.0.0.80"), 443), new(IPAddress.Parse("10.0.0.80"), 80), new(IPAddress.Parse("fd00::80"), 80)],
        Ways = [new("s0123abcd9f8e7d", new(IPAddress.Parse("10.0.0.5"), 5432)), new("s0123abcd111111", new(IPAddress.Parse("10.0.0.5"), 6379))],
        Others = [IPAddress.Parse("172.17.0.9")],
    };

    [Fact]
    public void Table_is_as_it_was_tried() => Golden.Match(FirewallTable.Render(_rules), "tests/Core.Tests/Hosting/firewall.golden.nft");

    [Fact]
    public void Same_rules_in_another_order_are_the_same_text() => Assert.Equal(
        FirewallTable.Render(_rules),
        FirewallTable.Render(_rules with { FencedInterfaces = [.. _rules.FencedInterfaces.Reverse()], Allowed = [.. _rules.Allowed.Reverse()] }));

    [Fact]
    public void Empty_set_has_no_elements()
    {
        var text = FirewallTable.Render(new() { HomeId = "0123abcd", FencedInterfaces = [] });

        Assert.Contains("set dns4 { type ipv4_addr; }", text, StringComparison.Ordinal);
        Assert.Contains("set ways4 { type ifname . ipv4_addr . inet_service; }", text, StringComparison.Ordinal);
        Assert.Contains("set fenced { type ifname; }", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0123ABCD")]
    [InlineData("0123abc")]
    [InlineData("0123abcd\n")]
    [InlineData("0123abcd; flush ruleset")]
    public void What_is_no_home_id_is_refused(string home) =>
        Assert.Throws<ArgumentException>(() => FirewallTable.Render(_rules with { HomeId = home }));

    [Theory]
    [InlineData("")]
    [InlineData("a-name-of-16-cha")]
    [InlineData("eth0\"")]
    [InlineData("eth0 }")]
    [InlineData("eth0\n")]
    [InlineData("../x")]
    public void What_is_no_device_is_refused(string device)
    {
        Assert.Throws<ArgumentException>(() => FirewallTable.Render(_rules with { FencedInterfaces = [device] }));
        Assert.Throws<ArgumentException>(() => FirewallTable.Render(_rules with { SharedInterface = device }));
        Assert.Throws<ArgumentException>(() => FirewallTable.Render(_rules with { Ways = [new(device, new(IPAddress.Loopback, 1))] }));
    }

    [Theory]
    [InlineData("10.1.2.3", true)]
    [InlineData("172.31.255.255", true)]
    [InlineData("172.32.0.0", false)]
    [InlineData("169.254.169.254", true)]
    [InlineData("100.100.100.200", true)]
    [InlineData("100.128.0.0", false)]
    [InlineData("8.8.8.8", false)]
    [InlineData("fd00::1", true)]
    [InlineData("64:ff9b::a00:1", true)]
    [InlineData("2606:4700::1", false)]
    public void Private_ranges(string address, bool isPrivate) => Assert.Equal(isPrivate, PrivateRanges.Contain(IPAddress.Parse(address)));
}
