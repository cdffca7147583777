using Microsoft.Extensions.Options;
using Slipway.Core.Hosting;
using Slipway.Docker;
using HostOptions = Slipway.Host.HostOptions;

namespace Slipway.Server.Hosting;

/// <summary>Puts the home's fence in force: builds and apps reach the package registries, and nothing of this host or of private networks.</summary>
internal sealed class Firewall(HomeFolder home, IHostControl host, EngineProbe engine, IOptions<HostOptions> options)
{
    /// <summary>As it was last applied; null before the first time.</summary>
    public FirewallStatus? Status { get; private set; }

    public bool IsWanted => options.Value.Firewall;

    public async Task<FirewallStatus> ApplyAsync(CancellationToken ct)
    {
        if (!IsWanted) return Status = new FirewallStatus.NotEnforced("switched off by Slipway:Host:Firewall", "set it to true");
        var rules = await host.RulesOfHostAsync(home.Id, ct) with { Others = await engine.NeighbourAddressesAsync(ct) };
        return Status = await host.ApplyFirewallAsync(rules, ct);
    }

    /// <summary>One sentence for people.</summary>
    public static string Describe(FirewallStatus? status) => status switch
    {
        FirewallStatus.Enforced { Gap: null } => "builds and apps are fenced off from this host and private networks",
        FirewallStatus.Enforced { Gap: { } gap } => $"builds and apps are fenced, but: {gap}",
        FirewallStatus.NotEnforced n => $"NOT fenced: {n.Reason}; {n.Hint}",
        _ => "not looked at yet",
    };
}
