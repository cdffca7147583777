using System.Text.RegularExpressions;
using Slipway.Cli.CommandLine;

namespace Slipway.Cli.Sources;

/// <summary>A repository as it is typed: <c>https://…</c>, <c>ssh://…</c> or <c>git@host:path</c>, with <c>#ref</c> behind.</summary>
internal sealed partial record RepositoryUrl(string Url, string? Ref)
{
    /// <summary>Null when it is a folder's name. What the server would refuse for other reasons is left to it.</summary>
    public static RepositoryUrl? Parse(string source)
    {
        if (!Shape().IsMatch(source) || Directory.Exists(source)) return null;
        if (source.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
        {
            throw CliError.Usage("fetch.url_invalid", $"'{source}' names files of this machine", "source", "give the folder itself: slipway deploy DIR");
        }

        var at = source.IndexOf('#', StringComparison.Ordinal);
        if (at < 0) return new RepositoryUrl(source, null);
        var reference = source[(at + 1)..];
        if (reference.Length == 0 || reference[0] == '-') throw CliError.Usage("fetch.ref_invalid", $"'{reference}' is no branch, tag or commit", "source", "write GIT_URL#main");
        return new RepositoryUrl(source[..at], reference);
    }

    [GeneratedRegex("^([A-Za-z][A-Za-z0-9+.-]*:|[A-Za-z0-9._-]+@[A-Za-z0-9.-]+:)[^\\s]+$")]
    private static partial Regex Shape();
}
