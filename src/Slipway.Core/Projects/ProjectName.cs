using System.Text;
using System.Text.RegularExpressions;

namespace Slipway.Core.Projects;

/// <summary>Which names a project may have: they are host names, and some hosts are taken.</summary>
public static partial class ProjectName
{
    public const int MaxLength = 48;

    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "slipway", "www", "api", "admin", "edge", "mail", "smtp", "imap", "ftp", "ns", "ns1", "ns2",
        "registry", "localhost", "root", "auth", "login", "hooks", "webhook",
    };

    /// <summary>Null when the name may be used, else why not.</summary>
    public static Failure? Check(string? name) => name switch
    {
        null or "" => Refuse("is empty", "give one with --project NAME"),
        { Length: > MaxLength } => Refuse($"is longer than {MaxLength} characters", "choose a shorter one with --project NAME"),
        _ when !Shape().IsMatch(name) => Refuse($"'{name}' may hold only a-z, 0-9 and single hyphens inside", "choose another with --project NAME, for example my-app"),
        _ when Reserved.Contains(name) => Refuse($"'{name}' is reserved for Slipway itself", "choose another with --project NAME"),
        _ when name.EndsWith("-preview", StringComparison.Ordinal) || name.Contains("-git-", StringComparison.Ordinal) =>
            Refuse($"'{name}' looks like a preview's address ('…-preview', '…-git-…')", "choose another with --project NAME"),
        _ => null,
    };

    /// <summary>The nearest allowed name to a folder's or repository's, or null when nothing of it can be used.</summary>
    public static string? Suggest(string raw)
    {
        var text = new StringBuilder();
        foreach (var c in raw.ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(c)) text.Append(c);
            else if (text.Length > 0 && text[^1] != '-') text.Append('-');
            if (text.Length == MaxLength) break;
        }

        var name = text.ToString().Trim('-');
        return Check(name) is null ? name : null;
    }

    private static Failure Refuse(string why, string hint) => new("project.name_invalid", $"the project name {why}", hint);

    [GeneratedRegex("^[a-z0-9]([a-z0-9]|-(?!-))*(?<!-)$")]
    private static partial Regex Shape();
}
