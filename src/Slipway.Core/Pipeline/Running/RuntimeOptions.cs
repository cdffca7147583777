namespace Slipway.Core.Pipeline.Running;

/// <summary>Settings of running and routing.</summary>
public sealed class RuntimeOptions
{
    public const string Section = "Slipway:Runtime";

    /// <summary>How long a new instance may take until it answers.</summary>
    public TimeSpan StartDeadline { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Between SIGTERM and SIGKILL.</summary>
    public TimeSpan StopGrace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Path of the health request. A project may say otherwise (<c>slipway health</c>), as for all of how it is asked.</summary>
    public string HealthPath { get; set; } = "/";

    /// <summary>Statuses that mean that an app is up: <c>200</c>, <c>200-399</c>, <c>200,204</c>.</summary>
    public string HealthStatus { get; set; } = "100-499";

    /// <summary>How long one answer to it may take.</summary>
    public TimeSpan HealthTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest pause between two questions; the first ones follow each other faster.</summary>
    public TimeSpan HealthInterval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Hosts are <c>{hash}-preview.{BaseDomain}</c> and <c>{project}.{BaseDomain}</c>.</summary>
    public string BaseDomain { get; set; } = "localhost";

    /// <summary>The slow timer of the reconciler; changes and engine events wake it at once.</summary>
    public TimeSpan ReconcileEvery { get; set; } = TimeSpan.FromSeconds(15);
    public InstanceLimits Limits { get; set; } = new();
}
