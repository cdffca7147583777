using Slipway.Core.Pipeline.Sourcing;

namespace Slipway.Core.Pipeline.Planning.Rules;

/// <summary>
/// Rewrites to a function's file (<c>/(.*)</c> → <c>/api/index.js</c>) are how a server is hung up where there are only functions. Here the
/// server runs itself, and would be asked for a path that it does not know.
/// </summary>
internal sealed class FunctionFiles(ISourceTree tree, string root, bool isStatic)
{
    private static readonly string[] Endings = ["", ".js", ".mjs", ".cjs", ".ts", ".mts", ".py", ".go", ".rb"];

    public IReadOnlyList<RewriteRule> Without(IReadOnlyList<RewriteRule> rewrites, List<string> warnings)
    {
        if (isStatic || rewrites.Count == 0) return rewrites;
        var left = rewrites.Where(r => IsFunction(r.Destination)).ToList();
        if (left.Count == 0) return rewrites;
        warnings.Add($"The rewrites to {string.Join(", ", left.Select(r => r.Destination).Distinct())} are left out: that is a function's file, and this app's own server answers.");
        return [.. rewrites.Except(left)];
    }

    private bool IsFunction(string destination)
    {
        var path = Destination.Split(destination) is { Origin.Length: 0 } parts ? parts.Path.TrimEnd('/') : "";
        if (path != "/api" && !path.StartsWith("/api/", StringComparison.Ordinal)) return false;
        return SourcePath.Normalize(path[1..]) is { } file
            && Endings.Any(e => tree.FileExists(SourcePath.Join(root, file + e)) || (e.Length > 0 && tree.FileExists(SourcePath.Join(root, $"{file}/index{e}"))));
    }
}
