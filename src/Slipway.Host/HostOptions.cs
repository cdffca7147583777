using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Slipway.Host;

/// <summary>What Slipway does to the host itself, where it may.</summary>
public sealed class HostOptions
{
    public const string Section = "Slipway:Host";

    /// <summary>Fence builds and apps off from the host and from private networks. Needs root and nftables.</summary>
    public bool Firewall { get; set; } = true;

    /// <summary>Who keeps the fence where this process may not (a service of its own: <c>--roles fence</c>); empty: this process does.</summary>
    public string FencedBy { get; set; } = "";

    /// <summary>Addresses that are open to builds and apps in spite of being private, each <c>name-or-address:port</c>.</summary>
    public IList<string> Allowed { get; } = [];

    /// <summary>Patience with a program such as nft.</summary>
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Patience with the resolver, for all names together.</summary>
    public TimeSpan ResolveTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The device of the engine's default bridge, where RUN steps are.</summary>
    [Required, RegularExpression("^[A-Za-z0-9][A-Za-z0-9_.-]{0,14}$")]
    public string BuildInterface { get; set; } = Core.Hosting.FirewallRules.DefaultBridge;

    /// <summary>A folder by which who holds the steps of builds (the role <c>fence</c>) tells those who build and may not; empty: each holds its own.</summary>
    public string StepReports { get; set; } = "";

    /// <summary>The companion's socket, for a control plane that may not freeze apps by their cgroups itself; empty: it does, or the engine.</summary>
    public string Companion { get; set; } = "";

    /// <summary>The cgroup in which the engine's RUN steps are, where it was started with a <c>--cgroup-parent</c> of its own (<c>mine/buildkit</c>).</summary>
    [RegularExpression("^(?!.*\\.\\.)[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*$")]
    public string? BuildCgroup { get; set; }
}

[OptionsValidator]
internal sealed partial class HostOptionsValidator : IValidateOptions<HostOptions>;
