using System.ComponentModel;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Slipway.Core.Hosting;

namespace Slipway.Host;

/// <summary>The fence as an nftables table of the home's own, by <c>nft</c>.</summary>
internal sealed class NftablesControl(HostNetwork network, FenceTrial trial, IOptions<HostOptions> options, TimeProvider time, ILogger<NftablesControl> log) : IHostControl
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, FirewallStatus> _said = new(StringComparer.Ordinal);

    private const string NeighbourSwitch = "/proc/sys/net/bridge/bridge-nf-call-iptables";

    public Task<FirewallRules> RulesOfHostAsync(string homeId, CancellationToken ct) => network.RulesAsync(homeId, ct);

    public async Task<FirewallStatus> ApplyFirewallAsync(FirewallRules rules, CancellationToken ct)
    {
        var status = await NftAsync(["-f", "-"], FirewallTable.Render(rules), ct);
        // Applied twice a minute: said when it is another than before.
        if (_said.TryGetValue(rules.HomeId, out var before) && before == status) return status;
        _said[rules.HomeId] = status;
        log.Applied(rules.HomeId, status.ToString());
        return status;
    }

    public async Task RemoveFirewallAsync(string homeId, CancellationToken ct)
    {
        // As for applying: naming it first makes the deletion work whether it was there or not.
        var table = new HomeNames(homeId).FirewallTable;
        var status = await NftAsync(["-f", "-"], $"table inet {table}\ndelete table inet {table}\n", ct);
        log.RemovedFirewall(homeId, status.ToString());
    }

    public Task<FirewallStatus> StatusAsync(string homeId, CancellationToken ct) =>
        NftAsync(["list", "table", "inet", new HomeNames(homeId).FirewallTable], "", ct);

    public Task<FenceProof?> TryFenceAsync(int process, CancellationToken ct) => trial.RunAsync(process, ct);

    private async Task<FirewallStatus> NftAsync(IReadOnlyList<string> arguments, string input, CancellationToken ct)
    {
        if (HostCommand.Find("nft") is not { } nft)
            return new FirewallStatus.NotEnforced("The program nft is not installed on this host.", "sudo apt-get install nftables");

        try
        {
            var result = await HostCommand.RunAsync(nft, arguments, input, options.Value.CommandTimeout, time, ct);
            return result.ExitCode == 0 ? new FirewallStatus.Enforced(Gap()) : NftRefusal.Of(result.Errors);
        }
        catch (Exception failed) when (failed is TimeoutException or Win32Exception)
        {
            return new FirewallStatus.NotEnforced(failed.Message);
        }
    }

    /// <summary>Traffic between members of one bridge passes the hooks only with this switch on; the engine sets it at its start.</summary>
    private static string? Gap()
    {
        try
        {
            return File.ReadAllText(NeighbourSwitch).Trim() == "1" ? null : Words("is off");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return Words("can't be read");
        }

        static string Words(string state) =>
            $"Apps and builds may reach their neighbours, because net.bridge.bridge-nf-call-iptables {state}: sudo sysctl -w net.bridge.bridge-nf-call-iptables=1";
    }
}
