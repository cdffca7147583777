using System.Globalization;
using System.Net;
using Microsoft.Extensions.Options;
using Slipway.Core.Hosting;
using Slipway.Docker;
using HostOptions = Slipway.Host.HostOptions;

namespace Slipway.Server.Hosting;

/// <summary>Puts the home's fence in force: builds and apps reach the package registries, and nothing of this host or of private networks.</summary>
internal sealed class Firewall(HomeFolder home, IHostControl host, EngineProbe engine, WaysFile ways, IOptions<HostOptions> options, TimeProvider time) : IDisposable
{
    // Of two at once the later has the later ways.
    private readonly SemaphoreSlim _one = new(1, 1);
    private IReadOnlyList<IPAddress>? _others;
    private string? _ways;

    /// <summary>As it was last applied; null before the first time.</summary>
    public FirewallStatus? Status { get; private set; }

    /// <summary>The last trial from a build step, and from an app; null: none could be made yet.</summary>
    public FenceProof? StepProof { get; private set; }

    public FenceProof? AppProof { get; private set; }

    public bool IsWanted => options.Value.Firewall;

    public async Task<FirewallStatus> ApplyAsync(CancellationToken ct)
    {
        if (options.Value.FencedBy is { Length: > 0 } other) return Status = new FirewallStatus.Elsewhere(other);
        if (!IsWanted) return Status = new FirewallStatus.NotEnforced("switched off by Slipway:Host:Firewall", "set it to true");
        await _one.WaitAsync(ct);
        try
        {
            _others = await engine.NeighbourAddressesAsync(ct);
            var wanted = await ways.ReadAsync(ct);
            var rules = await host.RulesOfHostAsync(home.Id, ct) with { Others = _others, Ways = ways.Parse(wanted) };
            Status = await host.ApplyFirewallAsync(rules, ct);
            if (Status is FirewallStatus.Enforced && wanted != _ways) await ways.SayInForceAsync(wanted, ct);
            _ways = wanted;
            return Status;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Applies it when the control plane wants other ways out.</summary>
    public async Task FollowWaysAsync(CancellationToken ct)
    {
        if (Status is not FirewallStatus.Elsewhere && IsWanted && await ways.ReadAsync(ct) != _ways) await ApplyAsync(ct);
    }

    public void Dispose() => _one.Dispose();

    /// <summary>Applies it when other people's containers on the builds' bridge have changed: an address may be a build's the next moment.</summary>
    public async Task FollowNeighboursAsync(CancellationToken ct)
    {
        if (Status is FirewallStatus.Elsewhere) return;
        var others = await engine.NeighbourAddressesAsync(ct);
        if (_others is null || !others.ToHashSet().SetEquals(_others)) await ApplyAsync(ct);
    }

    /// <summary>Tries it from a build step that runs.</summary>
    public async Task TryFromStepAsync(int process, CancellationToken ct) => StepProof = await TryAsync(process, ct) ?? StepProof;

    /// <summary>Tries it from an app, where one runs.</summary>
    public async Task TryFromAppAsync(CancellationToken ct)
    {
        if (await engine.AnyAppAsync(ct) is { } process) AppProof = await TryAsync(process, ct) ?? AppProof;
    }

    /// <summary>What was reached is closed, if the table can close it, before it is told.</summary>
    private async Task<FenceProof?> TryAsync(int process, CancellationToken ct)
    {
        var first = await host.TryFenceAsync(process, ct);
        if (first?.Reached is null) return first;
        await ApplyAsync(ct);
        return await host.TryFenceAsync(process, ct) ?? first;
    }

    public bool IsHeld => Status is FirewallStatus.Enforced or FirewallStatus.Elsewhere && StepProof?.Reached is null && AppProof?.Reached is null;

    /// <summary>One sentence for people.</summary>
    public string Describe() => (StepProof?.Reached ?? AppProof?.Reached) is { } reached && Status is FirewallStatus.Enforced
        ? $"NOT fenced: {reached}, though the table is in force; see: nft list ruleset"
        : $"{Describe(Status)}{Verified("a build step", StepProof)}{Verified("an app", AppProof)}";

    public static string Describe(FirewallStatus? status) => status switch
    {
        FirewallStatus.Enforced { Gap: null } => "builds and apps are fenced off from this host and private networks",
        FirewallStatus.Enforced { Gap: { } gap } => $"builds and apps are fenced, but: {gap}",
        FirewallStatus.Elsewhere { By: var by } => $"builds and apps are fenced by {by}",
        FirewallStatus.NotEnforced n => $"NOT fenced: {n.Reason}; {n.Hint}",
        _ => "not looked at yet",
    };

    private string Verified(string from, FenceProof? proof) => Status is FirewallStatus.Enforced && proof is not null
        ? string.Create(CultureInfo.InvariantCulture, $"; verified from {from} {(time.GetUtcNow() - proof.At).TotalMinutes:0} min ago")
        : "";
}
