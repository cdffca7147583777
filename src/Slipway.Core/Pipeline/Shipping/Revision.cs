using Slipway.Core.Pipeline.Building;

namespace Slipway.Core.Pipeline.Shipping;

/// <summary>Immutable and runnable: image pinned by digest, port, environment's names.</summary>
/// <param name="Image">What the runtime starts: <c>sha256:…</c> in the engine's store, or <c>registry/repository@sha256:…</c>.</param>
/// <param name="Port">Where the app is asked.</param>
/// <param name="Environment">Non-secret defaults of the plan; the project's own are read at start and never stored here.</param>
public sealed record Revision(string Image, string ImageName, int Port, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>What it was built on instead of what its Dockerfile names; null in those from before this was kept.</summary>
    public IReadOnlyList<StandIn>? StandIns { get; init; }
}
