namespace Slipway.Core.Stack;

/// <summary>An image for each service of the stack, as the engine knows it.</summary>
/// <param name="Slipway">Server, worker, edge, fence and backup.</param>
public sealed record StackImageNames(string Slipway, string Postgres, string Nats, string Registry, string Prometheus);

/// <summary>What this host has to give to the stack.</summary>
/// <param name="NpmRegistry">Where this host gets packages for Node from.</param>
public sealed record StackMaterial(StackImageNames Images, string NpmRegistry);
