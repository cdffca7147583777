using System.Text.RegularExpressions;

namespace Slipway.Core.Pipeline;

/// <summary>What the last lines of a failed build step or a dead app say about the way out. Tables: tools say the same things in the same words for years.</summary>
public static partial class FailureClues
{
    private static readonly (Regex Line, Func<string, string> Hint)[] InBuilds =
    [
        (Fonts(), _ => "the build fetches fonts from Google, which did not answer: keep them in the repository (next/font/local), or name a file of answers in NEXT_FONT_GOOGLE_MOCKED_RESPONSES"),
        (NoLibrary(), name => $"a package compiles native code that needs the library {name}: take a version that comes with a binary, or write a Dockerfile that installs it"),
        (NoCompiler(), _ => "a package compiles native code, and this base has no compiler: add node-gyp to devDependencies (and to the lockfile), which asks for a base that has one"),
        (OutOfMemory(), _ => "Node ran out of memory: deploy with --env NODE_OPTIONS=--max-old-space-size=4096, or make the build smaller"),
        (StaleLock(), _ => "package.json and the lockfile differ: run the install on your machine and commit the lockfile"),
        (WrongNode(), _ => "it wants another Node: name a version that it takes in engines.node of package.json, or in .nvmrc"),
        (Peers(), _ => "packages disagree about a peer: commit a lockfile that installs, or put legacy-peer-deps=true into .npmrc"),
        (NotApproved(), _ => "pnpm runs install scripts only of packages that are approved: run pnpm approve-builds and commit what it writes"),
        (NotFound(), name => $"{name} was not found: is it in dependencies or devDependencies?"),
        (Variables(), _ => "the build asks for environment variables: slipway env set NAME, or deploy --env NAME=VALUE"),
        (Unreachable(), name => $"the step asks {name}, which cannot be reached from here: see that this machine reaches it, or do without it in the build"),
        (NoModule(), name => $"{name} is not there: if it is a package, add it to dependencies; if it is a file, see that it is committed, in the same upper and lower case"),
    ];

    private static readonly (Regex Line, Func<string, string> Hint)[] InRuns =
    [
        (NotAllowed(), name => $"an app runs without root's rights, and {name} is not its own: let it write below its own folder or in /tmp (most apps take the place from a variable)"),
        (NotRoot(), _ => "an app runs without root's rights, so it cannot change owners or users: start it without chown, su or gosu (apache2 -D FOREGROUND in place of apachectl)"),
        (NotFound(), name => $"{name} is not in the image: add it to dependencies, for devDependencies are for the build only"),
        (NoModule(), name => $"{name} is not in the image: if it is a package, add it to dependencies (devDependencies are for the build only); if it is a file, see that the build writes it"),
        (Variables(), _ => "the app asks for environment variables: slipway env set NAME, or deploy --env NAME=VALUE"),
        (Unreachable(), name => $"the app asks {name}, which does not answer it: give it the real address in its environment (slipway env set NAME)"),
    ];

    /// <summary>Null when no line says anything.</summary>
    public static string? OfBuild(IEnumerable<string> lines) => Find(InBuilds, [.. lines]);

    public static string? OfRun(IEnumerable<string> lines) => Find(InRuns, [.. lines]);

    /// <summary>The telling clue wins over a common one, and the later line over an earlier.</summary>
    private static string? Find((Regex Line, Func<string, string> Hint)[] table, List<string> lines)
    {
        foreach (var (pattern, hint) in table)
            if (lines.FindLast(pattern.IsMatch) is { } line) return hint(pattern.Match(line).Groups["name"].Value);
        return null;
    }

    [GeneratedRegex(@"from Google Fonts|fonts\.googleapis\.com|internal/font/google")]
    private static partial Regex Fonts();

    [GeneratedRegex(@"gyp ERR! (find Python|stack Error: not found: make|stack Error: Could not find any Python)|PythonFinder|make: (g\+\+|cc|c\+\+): No such file")]
    private static partial Regex NoCompiler();

    [GeneratedRegex(@"Package '?(?<name>[\w.+-]+)'?,? (required by|was not found|not found)", RegexOptions.ExplicitCapture)]
    private static partial Regex NoLibrary();

    [GeneratedRegex(@"(getaddrinfo (ENOTFOUND|EAI_AGAIN)|Could not resolve host:|connect (ECONNREFUSED|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH)|unable to resolve host address) (?<name>[\w.:-]*\w)", RegexOptions.ExplicitCapture)]
    private static partial Regex Unreachable();

    [GeneratedRegex("JavaScript heap out of memory")]
    private static partial Regex OutOfMemory();

    [GeneratedRegex("ERR_PNPM_OUTDATED_LOCKFILE|[Ll]ockfile (needs to be updated|would have been modified|had changes)|ERR_PNPM_LOCKFILE_CONFIG_MISMATCH|YN0028")]
    private static partial Regex StaleLock();

    [GeneratedRegex(@"Node\.js version .* is required|The engine ""node"" is incompatible|ERR_PNPM_UNSUPPORTED_ENGINE|requires Node\.js")]
    private static partial Regex WrongNode();

    [GeneratedRegex("code ERESOLVE")]
    private static partial Regex Peers();

    [GeneratedRegex("ERR_PNPM_IGNORED_BUILDS")]
    private static partial Regex NotApproved();

    [GeneratedRegex(@"Environment variable not found|Invalid environment variables|[Mm]issing (required )?env(ironment)?\b|[A-Z][A-Z0-9]*_[A-Z0-9_]+( environment variable)? (is|must be|was) (not (set|defined|provided)|missing|required|set|undefined)")]
    private static partial Regex Variables();

    [GeneratedRegex(@"sh: (line )?[0-9]+: (?<name>[\w@/.+-]+): not found", RegexOptions.ExplicitCapture)]
    private static partial Regex NotFound();

    [GeneratedRegex(@"(Cannot find (module|package)|Can't resolve) '(?<name>[^'\n]{1,100})'", RegexOptions.ExplicitCapture)]
    private static partial Regex NoModule();

    // Node; Python; a program in C ("nginx: [emerg] open() "/x" failed (13: Permission denied)"); a shell.
    [GeneratedRegex(@"(EACCES: permission denied|EROFS: read-only file system), \w+ '(?<name>[^'\n]{1,100})'|Errno 13\] Permission denied: '(?<name>[^'\n]{1,100})'|\(\) ""(?<name>[^""\n]{1,100})"" failed \(13: |(?<name>/[^\s:'""]{1,100})['""]?: Permission denied", RegexOptions.ExplicitCapture)]
    private static partial Regex NotAllowed();

    [GeneratedRegex(@"\b(chown|chgrp|set[ug]id|set(res)?[ug]id|setgroups|initgroups|su-exec|gosu|setpriv)\b.*([Oo]peration not permitted|EPERM)", RegexOptions.ExplicitCapture)]
    private static partial Regex NotRoot();
}
