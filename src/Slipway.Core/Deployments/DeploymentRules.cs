namespace Slipway.Core.Deployments;

/// <summary>What every <see cref="IDeploymentStore"/> holds to, besides <see cref="DeploymentTransitions"/>.</summary>
public static class DeploymentRules
{
    public static Failure HashTaken { get; } = new("deployment.hash_taken", "another deployment has this address", "ask again with another hash");
}
