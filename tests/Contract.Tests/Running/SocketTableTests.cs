using Slipway.Docker.Running;

namespace Slipway.Contract.Tests.Running;

public sealed class SocketTableTests
{
    private const string Header = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";

    [Theory]
    [InlineData("   0: 00000000:1F90 00000000:0000 0A 00000000:00000000", 8080, false)]
    [InlineData("   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000", 8080, true)]
    [InlineData("   1: 0B00007F:9C41 00000000:0000 0A 00000000:00000000", 40001, true)]
    [InlineData("   0: 020012AC:0050 00000000:0000 0A 00000000:00000000", 80, false)]
    [InlineData("   0: 00000000000000000000000000000000:0BB8 00000000000000000000000000000000:0000 0A 00000000:00000000", 3000, false)]
    [InlineData("   0: 00000000000000000000000001000000:0BB8 00000000000000000000000000000000:0000 0A 00000000:00000000", 3000, true)]
    [InlineData("   0: 0000000000000000FFFF00000100007F:0BB8 00000000000000000000000000000000:0000 0A 00000000:00000000", 3000, true)]
    [InlineData("   0: 0000000000000000FFFF0000020012AC:0BB8 00000000000000000000000000000000:0000 0A 00000000:00000000", 3000, false)]
    public void A_listener_is_reachable_or_on_loopback(string line, int port, bool isLoopback)
    {
        var seen = SocketTable.Parse([Header, line], []);

        Assert.Equal(isLoopback ? [] : [port], seen.Reachable);
        Assert.Equal(isLoopback ? [port] : [], seen.Loopback);
        Assert.Equal(isLoopback, seen.IsOnLoopbackOnly(port));
    }

    [Theory]
    [InlineData("   0: 00000000:1F90 0100007F:D431 01 00000000:00000000")]
    [InlineData("   0: 00000000:1F90")]
    [InlineData("   0: zz000000:1F90 00000000:0000 0A")]
    [InlineData("   0: 000000:1F90 00000000:0000 0A")]
    [InlineData("")]
    public void What_is_no_listener_is_passed_over(string line)
    {
        var seen = SocketTable.Parse([Header, line], [Header]);

        Assert.Empty(seen.Reachable);
        Assert.Empty(seen.Loopback);
    }

    [Fact]
    public void Port_open_at_both_is_not_loopback_only()
    {
        var seen = SocketTable.Parse(
            ["   0: 0100007F:1F90 00000000:0000 0A"], ["   0: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A"]);

        Assert.False(seen.IsOnLoopbackOnly(8080));
        Assert.Equal([8080], seen.Reachable);
    }
}
