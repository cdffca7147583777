using Slipway.Core;
using Slipway.Core.Pipeline.Sourcing;

namespace Slipway.Git;

/// <summary>git's words as failures that say what to do.</summary>
internal static class GitErrors
{
    private static readonly string[] Missing = ["couldn't find remote ref", "not our ref", "unadvertised object", "no such remote ref", "did not match any", "reference is not a tree", "not a valid object name", "unable to read tree"];

    /// <summary>The server answered, and has no such thing.</summary>
    public static bool IsMissing(string error) => Says(error, Missing);

    public static Failure ToFailure(string error, GitUrl url, string? reference)
    {
        var last = error.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault()?.Trim() ?? "git gave no reason";
        if (IsMissing(error))
        {
            return new Failure("fetch.ref_not_found", $"the repository has no branch, tag or commit '{reference}'", "check the name; a commit must be given in full");
        }

        if (Says(error, "Operation too slow", "timed out"))
        {
            return new Failure("fetch.timeout", $"{url.Host} sent nothing, or too little, for too long", "try again; see whether the host is reachable from this machine");
        }

        // The whole phrase: a bare number may be a port.
        if (Says(error, "could not read Username", "could not read Password", "Authentication failed", "terminal prompts disabled", "returned error: 401", "returned error: 403", "Permission denied", "not found", "does not exist", "not appear to be a git repository"))
        {
            return new Failure("fetch.auth", $"{url.Host} does not show this repository: it is missing, or private", "check the address; a private repository needs an access token");
        }

        return new Failure("fetch.unreachable", $"{url.Host} could not be fetched from: {last}", "check the address and this machine's network");
    }

    private static bool Says(string error, params string[] words) => words.Any(w => error.Contains(w, StringComparison.OrdinalIgnoreCase));
}
