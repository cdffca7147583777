using System.Text.Json;
using Slipway.Docker;

namespace Slipway.Contract.Tests.Engine;

public sealed class EngineNeighboursTests
{
    [Theory]
    [InlineData("""[{"Names":["/db"],"NetworkSettings":{"Networks":{"bridge":{"IPAddress":"172.17.0.2"}}}}]""", "172.17.0.2")]
    [InlineData("""[{"Names":["/db"],"NetworkSettings":{"Networks":{"own":{"IPAddress":"172.18.0.2"}}}}]""", "")]
    [InlineData("""[{"Names":["/db"],"NetworkSettings":{"Networks":{"bridge":{"IPAddress":""}}}}]""", "")]
    [InlineData("""[{"Names":["/slipway-making-x"],"NetworkSettings":{"Networks":{"bridge":{"IPAddress":"172.17.0.2"}}}}]""", "")]
    [InlineData("""[{"Names":["/db"]},{"NetworkSettings":{"Networks":null}}]""", "")]
    [InlineData("[]", "")]
    public void Others_on_the_default_bridge_are_told(string answer, string expected)
    {
        using var document = JsonDocument.Parse(answer);
        Assert.Equal(expected, string.Join(' ', EngineNeighbours.Read(document.RootElement)));
    }
}
