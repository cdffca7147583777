namespace Slipway.Edge.Forwarding;

/// <summary>A request refused before anyone sees it.</summary>
internal readonly record struct Refusal(int Status, string Reason);
