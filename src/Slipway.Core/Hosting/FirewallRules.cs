using System.Net;

namespace Slipway.Core.Hosting;

/// <summary>
/// What builds and apps of one home may reach: the public internet, the nameservers, and what is allowed here by address and
/// port. Refused are the host itself, every private range, and the neighbours.
/// </summary>
public sealed record FirewallRules
{
    public required string HomeId { get; init; }

    /// <summary>Devices whose members are fenced: the builds' bridge, the home's serve bridge. One need not exist yet.</summary>
    public required IReadOnlyList<string> FencedInterfaces { get; init; }

    /// <summary>IPv4 nameservers of the engine's containers.</summary>
    public IReadOnlyList<IPAddress> Nameservers { get; init; } = [];

    /// <summary>What is open in spite of being private, exactly by port: package registries inside a company, a proxy.</summary>
    public IReadOnlyList<IPEndPoint> Allowed { get; init; } = [];

    /// <summary>What is open to one project's apps alone.</summary>
    public IReadOnlyList<OpenWay> Ways { get; init; } = [];

    /// <summary>The device that is shared with what the user runs without us.</summary>
    public string SharedInterface { get; init; } = DefaultBridge;

    /// <summary>
    /// Containers of others on <see cref="SharedInterface"/>: not fenced. The engine gives addresses out again, so a stale one
    /// opens the fence for a later build: apply anew whenever a container of others comes or goes.
    /// </summary>
    public IReadOnlyList<IPAddress> Others { get; init; } = [];

    /// <summary>Where the engine's own BuildKit puts RUN steps.</summary>
    public const string DefaultBridge = "docker0";
}

/// <summary>A way out of one network.</summary>
/// <param name="Device">The bridge of one project's instances; it need not exist yet.</param>
public sealed record OpenWay(string Device, IPEndPoint To);

/// <summary>Whether the fence stands.</summary>
public abstract record FirewallStatus
{
    private FirewallStatus()
    {
    }

    /// <param name="Gap">What it does not hold back here, as a sentence; null: nothing known.</param>
    public sealed record Enforced(string? Gap = null) : FirewallStatus;

    /// <param name="By">Who keeps the fence, for this process may not: another service of the stack.</param>
    public sealed record Elsewhere(string By) : FirewallStatus;

    /// <param name="Reason">A sentence for the person who runs this host.</param>
    /// <param name="Hint">What to do about it.</param>
    public sealed record NotEnforced(string Reason, string? Hint = null) : FirewallStatus;
}
