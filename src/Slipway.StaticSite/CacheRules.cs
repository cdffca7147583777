using System.Buffers;

namespace Slipway.StaticSite;

/// <summary>A file whose name carries its content's hash is kept for ever; all else is asked for again, which costs a 304.</summary>
internal static class CacheRules
{
    public const string Immutable = "public, max-age=31536000, immutable";
    public const string Revalidate = "no-cache";

    // Next.js, Astro, Nuxt, SvelteKit put nothing else there.
    private static readonly string[] HashedFolders = ["/_next/static/", "/_astro/", "/_nuxt/", "/_app/immutable/"];

    // Bundlers put hashed names there, but people put their own files there too.
    private static readonly string[] MixedFolders = ["/assets/", "/static/"];

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    public static string For(string path)
    {
        if (path.EndsWith(".html", StringComparison.Ordinal)) return Revalidate;
        if (HashedFolders.Any(folder => path.StartsWith(folder, StringComparison.Ordinal))) return Immutable;
        return MixedFolders.Any(folder => path.Contains(folder, StringComparison.Ordinal)) && HasHash(Path.GetFileName(path.AsSpan()))
            ? Immutable
            : Revalidate;
    }

    /// <summary><c>index-DOIXgOIP.js</c>, <c>main.3f2a9c1d.css</c>; not <c>photo-20240101.jpg</c> or <c>date-picker.js</c>.</summary>
    internal static bool HasHash(ReadOnlySpan<char> name)
    {
        var dot = name.IndexOf('.');
        while (dot >= 0)
        {
            var stem = name[..dot];
            if (IsEightOfBase64(stem) || IsHex(stem[(stem.LastIndexOfAny('-', '.') + 1)..])) return true;

            var next = name[(dot + 1)..].IndexOf('.');
            dot = next < 0 ? -1 : dot + 1 + next;
        }
        return false;
    }

    // Rollup's eight characters may themselves hold a dash, so count from the end.
    private static bool IsEightOfBase64(ReadOnlySpan<char> stem)
    {
        if (stem.Length < 10 || stem[^9] is not ('-' or '.')) return false;

        bool hasLetter = false, hasOther = false;
        foreach (var c in stem[^8..])
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_')) return false;
            hasLetter |= char.IsAsciiLetter(c);
            hasOther |= char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c);
        }
        return hasLetter && hasOther;
    }

    private static bool IsHex(ReadOnlySpan<char> part) =>
        part.Length is >= 8 and <= 64
        && !part.ContainsAnyExcept(HexDigits)
        && part.ContainsAnyInRange('0', '9')
        && part.ContainsAnyInRange('a', 'f');
}
