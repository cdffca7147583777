namespace Slipway.Core.Pipeline.Planning.Rules;

/// <summary>What rules look at of a request.</summary>
public sealed record RuleRequest
{
    /// <summary>Without port, in lower case.</summary>
    public required string Host { get; init; }

    /// <summary>As sent, percent-encoded.</summary>
    public required string Path { get; init; }

    /// <summary>As sent, with its question mark; or empty.</summary>
    public string Query { get; init; } = "";

    /// <summary>Null when it has none of that name.</summary>
    public Func<string, string?> Header { get; init; } = _ => null;

    public Func<string, string?> Cookie { get; init; } = _ => null;

    internal string? Of(RequestPart part, string? key) => part switch
    {
        RequestPart.Host => Host,
        RequestPart.Header => Header(key ?? ""),
        RequestPart.Cookie => Cookie(key ?? ""),
        _ => RuleQuery.Value(Query, key ?? ""),
    };
}
