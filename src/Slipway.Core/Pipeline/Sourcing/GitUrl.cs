using System.Text;
using System.Text.RegularExpressions;

namespace Slipway.Core.Pipeline.Sourcing;

/// <summary>A repository's address that may be fetched: https, ssh, or scp-like. (http passes here and is refused by the fetcher for all hosts but the allowed ones.)</summary>
/// <param name="Text">As git is called with it; no credentials in it but an ssh user.</param>
/// <param name="Origin"><c>git:https://host/path</c>: equal for all spellings of one repository.</param>
public sealed partial record GitUrl(string Text, string Scheme, string Host, int Port, string Path, string Origin)
{
    private const int MaxLength = 2000;

    /// <summary>The last part of the path, for a project's name.</summary>
    public string RepositoryName => Path.Split('/')[^1];

    public static Outcome<GitUrl> Parse(string text)
    {
        text = text.Trim();
        if (text.Length is 0 or > MaxLength) return Refuse("is empty or too long");
        if (text.StartsWith('-')) return Refuse("starts with '-', as an option would");
        if (text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c is '\\' or '"' or '\'' or '`' or '$' or ';' or '|' or '<' or '>')) return Refuse("holds blanks or characters that no repository's address has");
        // Name servers and git's own URL code turn other letters and digits into ASCII, each in its way: what was checked might not be what is called.
        if (!Ascii.IsValid(text)) return Refuse("holds letters outside ASCII; write the host in its xn-- form and the path percent-encoded");
        if (text.Contains("::", StringComparison.Ordinal)) return Refuse("names a transport helper, which is not allowed");
        return Scp().Match(text) is { Success: true } scp ? FromScp(text, scp) : FromUri(text);
    }

    private static Outcome<GitUrl> FromScp(string text, Match m)
    {
        var (host, path) = (m.Groups["host"].Value.ToLowerInvariant(), CleanPath(m.Groups["path"].Value));
        return path.Length == 0 ? Refuse("names no repository") : new GitUrl(text, "ssh", host, 22, path, $"git:https://{host}/{path}");
    }

    private static Outcome<GitUrl> FromUri(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "ssh" or "http")) return Refuse("must begin with https:// or ssh:// (or be like git@host:owner/repository)");
        if (uri.UserInfo.Contains(':', StringComparison.Ordinal) || (uri.UserInfo.Length > 0 && uri.Scheme != "ssh")) return Refuse("holds credentials, which would show in logs", withText: false);
        if (uri.UserInfo.StartsWith('-') || uri.Host.StartsWith('-') || uri.Host.Length == 0 || uri.Host.EndsWith('.')) return Refuse("names no host");
        if (uri.Query.Length > 0 || uri.Fragment.Length > 0) return Refuse("must have no ? or # part");
        var path = CleanPath(Uri.UnescapeDataString(uri.AbsolutePath));
        if (path.Length == 0 || path.Split('/').Contains("..")) return Refuse("names no repository");
        var port = uri.IsDefaultPort || uri.Port < 0 ? "" : $":{uri.Port}";
        var scheme = uri.Scheme == "http" ? "http" : "https";
        var isSshPort = uri.Scheme == "ssh";
        // Put together anew from what was checked, so that git reads the same host out of it as we did.
        var user = uri.UserInfo.Length == 0 ? "" : uri.UserInfo + "@";
        var shown = $"{uri.Scheme}://{user}{uri.Host.ToLowerInvariant()}{port}{uri.AbsolutePath}";
        return new GitUrl(shown, uri.Scheme, uri.IdnHost.ToLowerInvariant(), uri.Port > 0 ? uri.Port : uri.Scheme switch { "ssh" => 22, "http" => 80, _ => 443 }, path,
            $"git:{scheme}://{uri.IdnHost.ToLowerInvariant()}{(isSshPort ? "" : port)}/{path}");
    }

    private static string CleanPath(string path)
    {
        path = path.Trim('/');
        return path.EndsWith(".git", StringComparison.OrdinalIgnoreCase) ? path[..^4] : path;
    }

    private static Failure Refuse(string why, bool withText = true) =>
        new("fetch.url_invalid", $"the repository address {(withText ? "" : "given ")}{why}", "give an address such as https://host/owner/repository.git");

    [GeneratedRegex(@"^(?<user>[A-Za-z0-9_][\w.-]*)@(?<host>[A-Za-z0-9][\w.-]*):(?<path>[^:/][^:]*)$")]
    private static partial Regex Scp();
}

/// <summary>Which branch, tag and commit names are let through to git.</summary>
public static partial class GitRef
{
    /// <summary>Null when it may be asked for, else why not.</summary>
    public static Failure? Check(string text) =>
        text.Length is 0 or > 250 || text.StartsWith('-') || text.StartsWith('+') || text.StartsWith('/') || text.EndsWith('/') || text.EndsWith('.') || text.EndsWith(".lock", StringComparison.Ordinal)
            || text.Contains("..", StringComparison.Ordinal) || text.Contains("//", StringComparison.Ordinal) || text.Contains("@{", StringComparison.Ordinal)
            || text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || "~^:?*[\\;$`'\"|&<>(){}".Contains(c, StringComparison.Ordinal))
            ? new Failure("fetch.ref_invalid", $"'{Show(text)}' can be no branch, tag or commit", "give a name such as main, v1.2 or a full commit hash")
            : null;

    /// <summary>A full commit hash.</summary>
    public static bool IsCommit(string text) => Commit().IsMatch(text);

    private static string Show(string text) => new([.. text.Take(80).Select(c => char.IsControl(c) ? '?' : c)]);

    [GeneratedRegex("^[0-9a-f]{40}([0-9a-f]{24})?$")]
    private static partial Regex Commit();
}
