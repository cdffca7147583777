namespace Slipway.Core.Pipeline.Running;

/// <summary>Settings of running and routing.</summary>
public sealed class RuntimeOptions
{
    public const string Section = "Slipway:Runtime";

    /// <summary>How long a new instance may take until it answers.</summary>
    public TimeSpan StartDeadline { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Between SIGTERM and SIGKILL.</summary>
    public TimeSpan StopGrace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Path of the health request.</summary>
    public string HealthPath { get; set; } = "/";

    /// <summary>Hosts are <c>{hash}-preview.{BaseDomain}</c> and <c>{project}.{BaseDomain}</c>.</summary>
    public string BaseDomain { get; set; } = "localhost";

    /// <summary>The slow timer of the reconciler; changes and engine events wake it at once.</summary>
    public TimeSpan ReconcileEvery { get; set; } = TimeSpan.FromSeconds(15);
    public InstanceLimits Limits { get; set; } = new();
}
