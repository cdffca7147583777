namespace Slipway.Core.Hosting;

/// <summary>
/// The few verbs that need root. It holds no secrets and opens no network; without root each says what is not enforced instead
/// of failing. All it makes carries the home's id.
/// </summary>
public interface IHostControl
{
    /// <summary>The rules that this host needs for a home's builds and apps to work: its nameservers, and its package registries where they are private. <see cref="FirewallRules.Others"/> is the caller's to add.</summary>
    Task<FirewallRules> RulesOfHostAsync(string homeId, CancellationToken ct);

    /// <summary>Puts the home's table in force, whole or not at all, in place of the one before; the same rules again change nothing, and connections that stand go on.</summary>
    Task<FirewallStatus> ApplyFirewallAsync(FirewallRules rules, CancellationToken ct);

    /// <summary>Takes the home's table away; none there is fine.</summary>
    Task RemoveFirewallAsync(string homeId, CancellationToken ct);

    /// <summary>Looks whether the home's table is in force now: others may flush it.</summary>
    Task<FirewallStatus> StatusAsync(string homeId, CancellationToken ct);

    /// <summary>
    /// Tries from the network of a process (one of a build step or an app) whether this host and the metadata address are refused.
    /// Null: it can't be tried, because the process is gone, is in the host's own network, or Slipway is not root.
    /// </summary>
    Task<FenceProof?> TryFenceAsync(int process, CancellationToken ct);
}
