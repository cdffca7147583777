using System.Collections.Concurrent;
using Slipway.Core.Hosting;

namespace Slipway.Testing.InMemory;

/// <summary>A host whose tables are texts.</summary>
public sealed class InMemoryHostControl : IHostControl
{
    private readonly ConcurrentDictionary<string, string> _tables = new();

    /// <summary>Why nothing can be enforced here; null: it can.</summary>
    public FirewallStatus.NotEnforced? Refusal { get; set; }

    /// <summary>Home → its table as nft would be given it.</summary>
    public IReadOnlyDictionary<string, string> Tables => _tables;

    public Task<FirewallRules> RulesOfHostAsync(string homeId, CancellationToken ct) => Task.FromResult(new FirewallRules
    {
        HomeId = homeId,
        FencedInterfaces = [FirewallRules.DefaultBridge, new HomeNames(homeId).ServeDevice],
    });

    public Task<FirewallStatus> ApplyFirewallAsync(FirewallRules rules, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var table = FirewallTable.Render(rules);
        if (Refusal is { } refusal) return Task.FromResult<FirewallStatus>(refusal);

        _tables[rules.HomeId] = table;
        return Task.FromResult<FirewallStatus>(new FirewallStatus.Enforced());
    }

    public Task RemoveFirewallAsync(string homeId, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        _tables.TryRemove(homeId, out _);
        return Task.CompletedTask;
    }

    public Task<FirewallStatus> StatusAsync(string homeId, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult<FirewallStatus>(
            Refusal is { } refusal ? refusal
            : _tables.ContainsKey(homeId) ? new FirewallStatus.Enforced()
            : new FirewallStatus.NotEnforced("The firewall table is not there."));
    }

    /// <summary>What each process in it would find; null: it can't be tried.</summary>
    public Func<int, FenceProof?> Trial { get; set; } = _ => null;

    public Task<FenceProof?> TryFenceAsync(int process, CancellationToken ct) => Task.FromResult(Trial(process));
}
