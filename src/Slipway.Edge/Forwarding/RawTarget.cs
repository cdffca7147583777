using System.Buffers;

namespace Slipway.Edge.Forwarding;

/// <summary>
/// The request target as the client sent it. Decoding and encoding it again would turn <c>%252F</c> into <c>%2F</c>:
/// another resource.
/// </summary>
internal static class RawTarget
{
    // Everything visible in ASCII but the fragment sign, which no request may carry.
    private static readonly SearchValues<char> _clean =
        SearchValues.Create([.. Enumerable.Range(0x21, 0x7f - 0x21).Select(c => (char)c).Where(c => c != '#')]);

    public static bool IsClean(string target) => !target.AsSpan().ContainsAnyExcept(_clean);

    /// <summary>Path and query, whatever form the target has.</summary>
    public static ReadOnlySpan<char> PathAndQuery(string target)
    {
        if (target.StartsWith('/'))
        {
            return target;
        }

        // Absolute form: what follows the authority. Asterisk form: the app's root.
        var authority = target.IndexOf("://", StringComparison.Ordinal);
        var path = authority < 0 ? -1 : target.AsSpan(authority + 3).IndexOfAny('/', '?');
        return path < 0 ? "/" : target.AsSpan(authority + 3 + path);
    }
}
