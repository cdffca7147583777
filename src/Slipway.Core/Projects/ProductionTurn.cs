namespace Slipway.Core.Projects;

/// <summary>Why the production pointer moved.</summary>
public enum ProductionCause
{
    /// <summary>A deployment became ready that was the first, or asked for it.</summary>
    Ready,

    /// <summary>A person pointed it there.</summary>
    Promote,

    /// <summary>A person took it back there.</summary>
    Rollback,
}

/// <summary>One move of the production pointer, as it is kept with its project.</summary>
/// <param name="At">Null for one that was before moves were written down.</param>
public sealed record ProductionTurn(DeploymentId Deployment, DateTimeOffset? At, ProductionCause Cause);
