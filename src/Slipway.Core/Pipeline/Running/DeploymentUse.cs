namespace Slipway.Core.Pipeline.Running;

/// <summary>How a deployment was used, over all its hosts.</summary>
/// <param name="Open">Requests, streams, uploads and WebSockets that are on their way to it now.</param>
/// <param name="LastUsedAt">When the last one began or ended, crawlers and monitors left out; null when there was none since the router started.</param>
/// <param name="IsWanted">It is asleep by the router's table, and a request has come for it.</param>
public sealed record DeploymentUse(DeploymentId Deployment, int Open, DateTimeOffset? LastUsedAt, bool IsWanted);

/// <summary>What a router saw of use; a deployment that is not listed was not used.</summary>
/// <param name="Since">When it began to count.</param>
public sealed record RouterUse(DateTimeOffset Since, IReadOnlyList<DeploymentUse> Deployments)
{
    /// <summary>What those of its table were answered; one that nobody came to is not listed.</summary>
    public IReadOnlyList<DeploymentTraffic> Traffic { get; init; } = [];

    public DeploymentUse? Of(DeploymentId id) => Deployments.FirstOrDefault(use => use.Deployment == id);
}
