namespace Slipway.Core.Deployments;

/// <summary>Where a deployment stands; on the wire in lower case.</summary>
public enum DeploymentState
{
    /// <summary>A fork's pull request before approval.</summary>
    Waiting,
    Queued,
    Building,
    Deploying,
    Ready,
    Error,
    Canceled,

    /// <summary>Retired: its address says so and offers to build it again.</summary>
    Ended,
}

public static class DeploymentStates
{
    /// <summary>No event but retirement moves it any more.</summary>
    public static bool IsFinal(this DeploymentState state) =>
        state is DeploymentState.Ready or DeploymentState.Error or DeploymentState.Canceled or DeploymentState.Ended;

    /// <summary>All but <see cref="DeploymentState.Ended"/>.</summary>
    public static IReadOnlyList<DeploymentState> There { get; } = [.. Enum.GetValues<DeploymentState>().Where(s => s != DeploymentState.Ended)];

    public static string ToWire(this DeploymentState state) => state.ToString().ToLowerInvariant();
}
