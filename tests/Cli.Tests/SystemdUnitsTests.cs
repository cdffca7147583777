using Slipway.Cli.Machine;
using Slipway.Testing;

namespace Slipway.Cli.Tests;

/// <summary>No systemd runs where this is tested: the texts are agreed on as they are; <c>eng/vm</c> has them tried by a real one.</summary>
public sealed class SystemdUnitsTests
{
    [Fact]
    public void The_default_homes_units()
    {
        var units = SystemdUnits.Render(new UnitSettings(
            "", "/opt/slipway/artifacts/publish/server/slipway-server", "/opt/slipway/artifacts/publish/server/slipway-server", "/root/.slipway", "/root/.slipway/logs", "root", "/root/.slipway/units.env"));
        foreach (var (name, text) in units) Golden.Match(text, $"tests/Cli.Tests/Goldens/units/{name}");
    }

    [Fact]
    public void Another_home_has_units_of_its_own_and_odd_paths_are_quoted()
    {
        var units = SystemdUnits.Render(new UnitSettings(
            "-3f9a1c07", "/srv/my apps/100%/slipway-server", "/srv/my apps/100%/slipway-edge", "/srv/my \"home\"", "/srv/my \"home\"/logs", "ops", "/srv/my \"home\"/units.env"));
        Assert.Equal(["slipway-companion-3f9a1c07.service", "slipway-edge-3f9a1c07.service", "slipway-firewall-3f9a1c07.service", "slipway-firewall-again-3f9a1c07.service", "slipway-server-3f9a1c07.service"], units.Keys);
        // Whoever the others run as, cgroups are root's.
        Assert.Contains("User=root\n", units["slipway-companion-3f9a1c07.service"], StringComparison.Ordinal);
        Golden.Match(units["slipway-server-3f9a1c07.service"], "tests/Cli.Tests/Goldens/units/slipway-server-3f9a1c07.service");
    }

    [Fact]
    public void Units_keep_of_our_environment_what_leads_to_the_checkout_and_out_of_the_machine()
    {
        var shell = new Dictionary<string, string>
        {
            ["SLIPWAY_CHECKOUT"] = "/opt/slipway",
            ["https_proxy"] = "http://me:a$`\"\\b@10.0.0.1:3128",
            ["SSL_CERT_FILE"] = "/etc/100%/ca.crt",
            ["npm_config_registry"] = "https://npm.corp/",
            ["Slipway__Host__Firewall"] = "false",
            ["HTTP_PROXY"] = "",
            ["AWS_SECRET_ACCESS_KEY"] = "hidden",
            ["PATH"] = "/home/me/bin",
        };
        var kept = UnitEnvironment.Of(shell, new Dictionary<string, string> { ["SLIPWAY_PORT"] = "8080" });
        Assert.Equal(["DOTNET_GCgen0MaxBudget", "DOTNET_GCgen0size", "SLIPWAY_CHECKOUT", "SLIPWAY_PORT", "SSL_CERT_FILE", "Slipway__Host__Firewall", "https_proxy", "npm_config_registry"], kept.Keys);
        Golden.Match(UnitEnvironment.Render(kept), "tests/Cli.Tests/Goldens/units/units.env");
    }

    [Fact]
    public void An_engine_of_our_own_installing_leaves_apps_running_and_logs_whole()
    {
        foreach (var (path, text) in EngineSettings.Texts) Golden.Match(text, $"tests/Cli.Tests/Goldens/units{path}");
    }
}
