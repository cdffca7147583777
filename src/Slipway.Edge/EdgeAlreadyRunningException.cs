namespace Slipway.Edge;

/// <summary>An edge of the same installation runs already; its admin socket answers.</summary>
public sealed class EdgeAlreadyRunningException(string adminSocket)
    : Exception($"Another edge of this installation runs: it answers on {adminSocket}.");
