namespace Slipway.Edge.Pages;

/// <summary>An answer of the edge's own.</summary>
/// <param name="Kind">Stable word: <c>X-Slipway-Page</c>, and <c>edge.{kind}</c> as the problem's code.</param>
internal sealed record EdgePage(string Kind, int Status, string Title, string Text)
{
    /// <summary>Null when coming again is of no use.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>A browser loads it again by itself.</summary>
    public bool Refreshes { get; init; }

    /// <summary>Asks for the password, and goes on to this path then.</summary>
    public string? AsksFor { get; init; }

    /// <summary>For <c>WWW-Authenticate</c>.</summary>
    public string? Challenge { get; init; }

    public string? DetailsUrl { get; init; }

    public string? Deployment { get; init; }
}
