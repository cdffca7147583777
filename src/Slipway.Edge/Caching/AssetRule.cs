using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Slipway.Edge.Caching;

/// <summary>Which answers never change for as long as their deployment is there, and are for everybody. Pure.</summary>
internal static class AssetRule
{
    private static readonly TimeSpan Year = TimeSpan.FromDays(365);

    /// <summary>How long an answer may be kept; null: not at all.</summary>
    /// <param name="path">As it was asked for.</param>
    public static TimeSpan? KeepFor(HttpResponse response, ReadOnlySpan<char> path)
    {
        var headers = response.Headers;
        if (response.StatusCode != StatusCodes.Status200OK || headers.ContainsKey(HeaderNames.SetCookie) || headers.ContainsKey(HeaderNames.ContentRange) || headers.ContainsKey(HeaderNames.Trailer)) return null;
        if (headers.ContainsKey(HeaderNames.WWWAuthenticate) || !VariesByEncodingOnly(headers)) return null;
        if (!CacheControlHeaderValue.TryParse(headers.CacheControl.ToString(), out var said) || said is { Private: true } or { NoStore: true } or { NoCache: true }) return null;
        if ((said.SharedMaxAge ?? said.MaxAge) is not { } age || age <= TimeSpan.Zero) return null;
        var isImmutable = said.Extensions.Any(e => e.Name.Equals("immutable", StringComparison.OrdinalIgnoreCase));
        return isImmutable || (said.Public && age >= Year && HasFingerprint(path)) ? age : null;
    }

    public static bool VariesByEncoding(IHeaderDictionary headers) => headers.Vary.Count > 0;

    /// <summary>The file's name holds eight characters or more of a digest: <c>index-Bx81kQ2a.js</c>, <c>main.3f9c21d4.css</c>.</summary>
    public static bool HasFingerprint(ReadOnlySpan<char> path)
    {
        var file = path[(path.LastIndexOf('/') + 1)..];
        foreach (var part in file.SplitAny('.', '-', '_'))
        {
            var text = file[part];
            if (text.Length < 8) continue;
            var (digits, upper, lower) = (text.ContainsAnyInRange('0', '9'), text.ContainsAnyInRange('A', 'Z'), text.ContainsAnyInRange('a', 'z'));
            if ((digits && (upper || lower)) || (upper && lower)) return true;
        }

        return false;
    }

    private static bool VariesByEncodingOnly(IHeaderDictionary headers)
    {
        foreach (var name in headers.Vary.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!name.Equals(HeaderNames.AcceptEncoding, StringComparison.OrdinalIgnoreCase)) return false;
        }

        return true;
    }
}
