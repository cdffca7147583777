namespace Slipway.Core.Hosting;

/// <summary>What a trial from inside of the fence found.</summary>
/// <param name="Reached">What it reached though it must not, as a sentence; null: it was refused everything.</param>
public sealed record FenceProof(DateTimeOffset At, string? Reached);
