namespace Slipway.Core.Hosting;

/// <summary>
/// The names of all that one home makes on a host. Each carries the home's id, so that two homes, or a test run beside a
/// real one, never touch each other's.
/// </summary>
/// <param name="HomeId">8 hex digits or more (<see cref="SlipwayHome.IdFile"/>).</param>
public readonly record struct HomeNames(string HomeId)
{
    /// <summary>The engine's network that instances are in.</summary>
    public string ServeNetwork => $"slipway-serve-{HomeId}";

    /// <summary>The bridge device of <see cref="ServeNetwork"/>; the kernel allows 15 characters.</summary>
    public string ServeDevice => $"slp-{HomeId[..Math.Min(8, HomeId.Length)]}";

    /// <summary>The engine's network that the instances of one project are in, where it has ways out of its own.</summary>
    public string ProjectNetwork(ProjectId project) => $"slipway-serve-{HomeId}-{project}";

    /// <summary>What the bridge device of each <see cref="ProjectNetwork"/> begins with: fenced by that, before it is there.</summary>
    public string ProjectDevices => $"s{HomeId[..Math.Min(8, HomeId.Length)]}";

    /// <summary>By the end of the project's id, which is random.</summary>
    public string ProjectDevice(ProjectId project) => $"{ProjectDevices}{project.Value.ToString("N")[^6..]}";

    /// <summary>The nftables table.</summary>
    public string FirewallTable => $"slipway_{HomeId}";

    /// <summary>What each image name of this home begins with.</summary>
    public string ImagePrefix => $"slipway-{HomeId}/";

    /// <summary>The container of an instance.</summary>
    public string Container(InstanceId instance) => $"slipway-{HomeId}-{instance}";

    /// <summary>A project's volume.</summary>
    public string Volume(ProjectId project, string name) => $"slipway-{HomeId}-{project}-{name}";
}
