using Slipway.Core;
using Slipway.Core.Pipeline.Sourcing;

namespace Slipway.Git;

/// <summary>git's words as failures that say what to do.</summary>
internal static class GitErrors
{
    public static Failure ToFailure(string error, GitUrl url, string? reference)
    {
        bool Says(params string[] words) => words.Any(w => error.Contains(w, StringComparison.OrdinalIgnoreCase));
        var last = error.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault()?.Trim() ?? "git gave no reason";
        if (Says("couldn't find remote ref", "not our ref", "unadvertised object", "did not match any", "reference is not a tree", "upload-pack: not our ref"))
        {
            return new Failure("fetch.ref_not_found", $"the repository has no branch, tag or commit '{reference}'", "check the name; a commit must be given in full");
        }

        if (Says("could not read Username", "Authentication failed", "terminal prompts disabled", "403", "401", "Permission denied", "Repository not found", "not found", "does not exist"))
        {
            return new Failure("fetch.auth", $"{url.Host} does not show this repository: it is missing, or private", "check the address; a private repository needs an access token");
        }

        return new Failure("fetch.unreachable", $"{url.Host} could not be fetched from: {last}", "check the address and this machine's network");
    }
}
