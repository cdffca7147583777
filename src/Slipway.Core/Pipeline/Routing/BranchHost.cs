using System.Security.Cryptography;
using System.Text;

namespace Slipway.Core.Pipeline.Routing;

/// <summary>
/// A branch's fixed first label: <c>{project}-git-{branch}</c>. A name that had to be altered or cut gets six hex digits of the branch's
/// hash, so that no two branches share a host and the same one always has the same. Pure.
/// </summary>
public static class BranchHost
{
    private const int MaxLabel = 63;
    private const int SuffixLength = 7;

    public static string LabelOf(string project, string branch)
    {
        var plain = new string([.. branch.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '-')]).Trim('-');
        var label = $"{project}-git-{plain}";
        // A project "a-git" with a branch "x" would be a project "a" with a branch "git-x".
        var isUnclear = plain.StartsWith("git-", StringComparison.Ordinal) || project.EndsWith("-git", StringComparison.Ordinal);
        if (plain == branch && plain.Length > 0 && label.Length <= MaxLabel && !isUnclear) return label;
        var cut = label[..Math.Min(label.Length, MaxLabel - SuffixLength)].TrimEnd('-');
        return $"{cut}-{Suffix(project, branch)}";
    }

    private static string Suffix(string project, string branch) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{project}\n{branch}")))[..(SuffixLength - 1)];
}
