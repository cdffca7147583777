using Slipway.Core.Projects;

namespace Slipway.Core.Pipeline.Running;

/// <summary>How an instance is asked whether it is up, as it is in force for one project.</summary>
/// <param name="Grace">How long a new one may take.</param>
/// <param name="Interval">The longest pause between two questions; the first ones follow each other faster.</param>
public sealed record HealthCheck(string Path, ExpectedStatus Expected, TimeSpan Timeout, TimeSpan Grace, TimeSpan Interval)
{
    public static HealthCheck Of(RuntimeOptions installation, HealthSettings? project) => new(
        project?.Path ?? installation.HealthPath,
        ExpectedStatus.Parse(project?.Status ?? installation.HealthStatus) ?? throw new InvalidOperationException($"{project?.Status ?? installation.HealthStatus} names no statuses"),
        project?.Timeout ?? installation.HealthTimeout,
        project?.Grace ?? installation.StartDeadline,
        project?.Interval ?? installation.HealthInterval);

    /// <summary>Null when the installation's own settings can be used.</summary>
    public static Failure? Check(RuntimeOptions installation) => HealthSettings.Check(new HealthSettings
    {
        Path = installation.HealthPath,
        Status = installation.HealthStatus,
        Timeout = installation.HealthTimeout,
        Grace = installation.StartDeadline,
        Interval = installation.HealthInterval,
    });
}
