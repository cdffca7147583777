namespace Slipway.Edge.Admin;

/// <summary>Answers <c>GET /probe</c>.</summary>
/// <param name="Status">The app's HTTP status; null: nothing answered in time.</param>
internal sealed record ProbeAnswer(int? Status);
