using System.Text.Json.Serialization;

namespace Slipway.Core.Pipeline.Planning.Rules;

/// <summary>
/// What the edge does with a deployment's requests before and beside its app, as its source says in <c>slipway.json</c> or <c>vercel.json</c>.
/// Data: <see cref="RuleSet"/> is what can be asked.
/// </summary>
public sealed record EdgeRules
{
    /// <summary>Rules of one kind.</summary>
    public const int MaxRules = 2048;

    public bool? CleanUrls { get; init; }

    /// <summary>True: pages end in a slash, files do not. False: nothing does. Null: both are served.</summary>
    public bool? TrailingSlash { get; init; }
    public IReadOnlyList<RedirectRule> Redirects { get; init; } = [];
    public IReadOnlyList<RewriteRule> Rewrites { get; init; } = [];
    public IReadOnlyList<HeaderRule> Headers { get; init; } = [];

    /// <summary>The app is files and the static server: its paths can be asked for exactly.</summary>
    public bool IsStatic { get; init; }

    [JsonIgnore]
    public bool IsEmpty => CleanUrls is not true && TrailingSlash is null && Redirects.Count + Rewrites.Count + Headers.Count == 0;
}

/// <param name="Source">A path pattern: <c>/old/:name*</c>.</param>
/// <param name="Destination">A path or an address, with the source's and the conditions' names in it.</param>
public sealed record RedirectRule(string Source, string Destination, int Status, IReadOnlyList<RuleCondition>? Has = null, IReadOnlyList<RuleCondition>? Missing = null);

/// <param name="Destination">A path of the app, or a public address that the edge asks in its place.</param>
/// <param name="Status">Of the answer, whatever was answered; null: as it was.</param>
public sealed record RewriteRule(string Source, string Destination, int? Status = null, IReadOnlyList<RuleCondition>? Has = null, IReadOnlyList<RuleCondition>? Missing = null);

public sealed record HeaderRule(string Source, IReadOnlyList<RuleHeader> Headers, IReadOnlyList<RuleCondition>? Has = null, IReadOnlyList<RuleCondition>? Missing = null);

public sealed record RuleHeader(string Key, string Value);

public enum RequestPart { Host, Header, Cookie, Query }

/// <summary>What else a request must have, or must not.</summary>
/// <param name="Key">Null for the host.</param>
/// <param name="Value">A regular expression for the whole value; null together with <paramref name="Compare"/>: any.</param>
public sealed record RuleCondition(RequestPart Type, string? Key, string? Value = null, RuleComparison? Compare = null);

/// <summary>All that is not null must hold.</summary>
public sealed record RuleComparison
{
    public string? Eq { get; init; }
    public string? Neq { get; init; }
    public IReadOnlyList<string>? Inc { get; init; }
    public IReadOnlyList<string>? Ninc { get; init; }
    public string? Pre { get; init; }
    public string? Suf { get; init; }
    public string? Re { get; init; }
    public double? Gt { get; init; }
    public double? Gte { get; init; }
    public double? Lt { get; init; }
    public double? Lte { get; init; }
}
