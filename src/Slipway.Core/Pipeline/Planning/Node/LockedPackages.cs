using System.Text.RegularExpressions;

namespace Slipway.Core.Pipeline.Planning.Node;

/// <summary>The names in a lockfile: what is installed, not what is only a peer or a wish of something that is.</summary>
internal static partial class LockedPackages
{
    public static IReadOnlySet<string> Read(string lockfile, string text)
    {
        var entry = lockfile switch
        {
            "pnpm-lock.yaml" => Pnpm(),
            "yarn.lock" => Yarn(),
            "bun.lock" => Bun(),
            _ => Npm(),
        };
        return entry.Matches(text).Select(m => m.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary><c>"node_modules/a/node_modules/@b/c": {</c>, and npm 6's <c>"@b/c": {</c>.</summary>
    [GeneratedRegex("""^\s+"([^"\n]*node_modules/)?(?<name>(@[^/"\n]+/)?[^/"@\n]+)": \{""", RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex Npm();

    /// <summary><c>'@b/c@1.0.0':</c> below <c>packages</c>; <c>/@b/c/1.0.0:</c> before pnpm 8.</summary>
    [GeneratedRegex(@"^  ['""]?/?(?<name>(@[^/\s]+/)?[^@/\s]+)[@/][0-9]", RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex Pnpm();

    /// <summary><c>"@b/c@^1", "@b/c@^1.2":</c> at the beginning of a line, in both of Yarn's formats.</summary>
    [GeneratedRegex(@"^""?(?<name>(@[^/\s""]+/)?[^@/\s""#]+)@", RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex Yarn();

    /// <summary><c>"a/@b/c": ["@b/c@1.0.0",</c></summary>
    [GeneratedRegex(@": \[""(?<name>(@[^/""\s]+/)?[^@/""\s]+)@", RegexOptions.ExplicitCapture)]
    private static partial Regex Bun();
}
