namespace Slipway.Edge.Pages;

/// <summary>An own page for programs (RFC 9457).</summary>
internal sealed record EdgeProblem(string Type, string Title, int Status, string Detail, string Code, string? Deployment, string? DetailsUrl, string RequestId);
