using Slipway.Cli.Machine;
using Slipway.Testing;

namespace Slipway.Cli.Tests;

/// <summary>No systemd runs where this is tested: the texts are agreed on as they are.</summary>
public sealed class SystemdUnitsTests
{
    [Fact]
    public void The_default_homes_units()
    {
        var units = SystemdUnits.Render(new UnitSettings(
            "", "/opt/slipway/artifacts/publish/server/slipway-server", "/root/.slipway", "/root/.slipway/logs", "root",
            new Dictionary<string, string> { ["SLIPWAY_BUILD"] = "20261125.120000", ["SLIPWAY_PORT"] = "80" }));
        foreach (var (name, text) in units) Golden.Match(text, $"tests/Cli.Tests/Goldens/units/{name}");
    }

    [Fact]
    public void Another_home_has_units_of_its_own_and_odd_paths_are_quoted()
    {
        var units = SystemdUnits.Render(new UnitSettings("-3f9a1c07", "/srv/my apps/100%/slipway-server", "/srv/my \"home\"", "/srv/my \"home\"/logs", "ops", new Dictionary<string, string>()));
        Assert.Equal(["slipway-edge-3f9a1c07.service", "slipway-firewall-3f9a1c07.service", "slipway-server-3f9a1c07.service"], units.Keys);
        Golden.Match(units["slipway-server-3f9a1c07.service"], "tests/Cli.Tests/Goldens/units/slipway-server-3f9a1c07.service");
    }
}
