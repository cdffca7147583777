using Slipway.Core.Pipeline.Shipping;

namespace Slipway.Contract.Tests.Shipping;

public sealed class ExposedPortsTests
{
    [Theory]
    [InlineData("8080/tcp", 8080)]
    [InlineData("8080", 8080)]
    [InlineData("8080/tcp 8080", 8080)]
    [InlineData("8080/tcp 53/udp", 8080)]
    [InlineData("8080/tcp 9090/tcp", null)]
    [InlineData("53/udp", null)]
    [InlineData("0/tcp", null)]
    [InlineData("70000/tcp", null)]
    [InlineData("x/tcp", null)]
    [InlineData("", null)]
    public void Only_one_tcp_port_counts(string exposed, int? expected) =>
        Assert.Equal(expected, ExposedPorts.Only(exposed.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
}
