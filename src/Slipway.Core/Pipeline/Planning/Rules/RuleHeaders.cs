using System.Buffers;

namespace Slipway.Core.Pipeline.Planning.Rules;

/// <summary>Which headers a rule may set: none that says where an answer ends or who answered.</summary>
internal static class RuleHeaders
{
    private static readonly SearchValues<char> Name = SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    private static readonly HashSet<string> Ours = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Content-Encoding", "Content-Length", "Content-Range", "Keep-Alive", "Proxy-Authenticate", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
    };

    public static bool IsName(string key) => key.Length > 0 && !key.AsSpan().ContainsAnyExcept(Name);

    public static bool IsOurs(string key) => Ours.Contains(key) || key.StartsWith("X-Slipway-", StringComparison.OrdinalIgnoreCase);

    public static bool IsValue(string value) => !value.Any(char.IsControl) && value.All(char.IsAscii);

    /// <summary>What was caught from a request may have made it unfit.</summary>
    public static bool IsFit(RuleHeader header) => IsName(header.Key) && !IsOurs(header.Key) && IsValue(header.Value);
}
