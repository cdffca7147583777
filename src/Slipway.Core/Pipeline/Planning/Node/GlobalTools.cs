using System.Text.RegularExpressions;

namespace Slipway.Core.Pipeline.Planning.Node;

/// <summary>
/// Package managers as npm packages. Scripts may call one that is not the one that installs: <c>bun run src/index.ts</c> in an npm
/// project. Official images hold a yarn already, hence --force; bun and pnpm 12 put their program in place by an install
/// script, which npm 12 runs only when told to.
/// </summary>
internal static partial class GlobalTools
{
    /// <summary>Null when there is nothing to install.</summary>
    public static string? Install(IEnumerable<string> packages)
    {
        var list = packages.Distinct().ToList();
        if (list.Count == 0) return null;
        var scripted = list.Select(p => p.Split('@')[0]).Where(name => name is "bun" or "pnpm").ToList();
        var flags = (list.Exists(p => p.Contains("yarn", StringComparison.Ordinal)) ? "--force " : "") + (scripted.Count == 0 ? "" : $"--allow-scripts={string.Join(',', scripted)} ");
        return $"npm install -g {flags}{string.Join(' ', list)}";
    }

    /// <summary>For the install and the build.</summary>
    public static IEnumerable<string> ForBuild(NodeApp app)
    {
        string[] scripts = ["prebuild", "build", "postbuild"];
        return [.. app.PackageManager.Package is { } own ? [own] : Array.Empty<string>(), .. scripts.SelectMany(s => CalledBy(app, s)).Where(p => p != app.PackageManager.Package)];
    }

    /// <summary>What a script calls and the image lacks.</summary>
    public static IEnumerable<string> CalledBy(NodeApp app, string script) =>
        Call().Matches(app.Manifest.Script(script) ?? "").Select(m => m.Groups["tool"].Value).Where(tool => !app.Has(tool)).Distinct().Select(tool =>
            tool == app.PackageManager.Name && app.PackageManager.Package is { } own ? own
            : tool switch { "pnpm" => "pnpm@10", "yarn" => "yarn@1", _ => "bun@1" });

    [GeneratedRegex(@"(^|&&|\|\||;|\bexec)\s*([A-Za-z_][A-Za-z0-9_]*=\S*\s+)*(?<tool>bun|pnpm|yarn)x?(?=\s|$)", RegexOptions.ExplicitCapture)]
    private static partial Regex Call();
}
