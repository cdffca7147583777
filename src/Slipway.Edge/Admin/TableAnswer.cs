namespace Slipway.Edge.Admin;

/// <summary>Answers <c>PUT /table</c>.</summary>
/// <param name="Current">The number in force.</param>
/// <param name="Error">Why the table was not taken; null when it was.</param>
internal sealed record TableAnswer(long Current, string? Error);
