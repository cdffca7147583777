using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Core.BuildLogs;
using Slipway.Core.Pipeline.Sourcing;

namespace Slipway.Git;

/// <summary>One commit of a repository by the git program: fetched shallow, pinned, checked out, its .git removed.</summary>
internal sealed class GitFetch(AddressRule addresses, IGitCredentials credentials, IOptions<SourceOptions> options)
{
    private const string Step = "fetch";

    public async Task<Outcome<SourceRef>> FetchAsync(SourceRef source, string folder, IBuildOutput output, CancellationToken ct)
    {
        var parsed = GitUrl.Parse(source.Url ?? "");
        if (parsed.IsFailure(out var failure)) return failure;
        var url = parsed.Value;
        if (source.Ref is { } asked && GitRef.Check(asked) is { } bad) return bad;
        if (url.Scheme == "http" && !addresses.IsListed(url)) return new Failure("fetch.url_invalid", "plain http is not allowed", "use https");
        var address = await addresses.ResolveAsync(url, ct);
        if (address.IsFailure(out failure)) return failure;

        var token = await credentials.TokenForAsync(url, ct);
        using var git = new GitProgram(options.Value, url, address.Value, token, folder);
        output.Say($"fetching {url.Text}{(source.Ref is { } r ? $" at {r}" : "")}", Step);
        await git.RunAsync(["init", "--quiet", "--initial-branch=slipway", "."], null, ct);

        var reference = source.Commit ?? source.Ref;
        var branch = source.Branch ?? (source.Ref is { } named && !GitRef.IsCommit(named) ? named : null);
        if (reference is null)
        {
            var head = await DefaultBranchAsync(git, url, ct);
            if (head.IsFailure(out failure)) return failure;
            reference = branch = head.Value;
        }

        if (await GetAsync(git, url, reference, source.Ref, output, ct) is { } notGot) return notGot;
        var pinned = await PinAsync(git, source with { Branch = branch }, ct);
        Directory.Delete(Path.Combine(folder, ".git"), recursive: true);
        if (File.Exists(Path.Combine(folder, ".gitmodules"))) output.Say("warning: the repository has submodules; they are not fetched", Step);
        output.Say($"commit {pinned.Commit?[..12]}{(pinned.CommitMessage is { } m ? $": {m}" : "")}", Step);
        return pinned;
    }

    private static async Task<Outcome<string>> DefaultBranchAsync(GitProgram git, GitUrl url, CancellationToken ct)
    {
        var answer = await git.RunAsync(["ls-remote", "--symref", "--", url.Text, "HEAD"], null, ct);
        if (answer.ExitCode != 0) return GitErrors.ToFailure(answer.Error, url, null);
        var line = answer.Output.Split('\n').FirstOrDefault(l => l.StartsWith("ref: refs/heads/", StringComparison.Ordinal));
        if (line is not null) return line["ref: refs/heads/".Length..].Split('\t')[0];
        return answer.Output.Length == 0 ? new Failure("fetch.ref_not_found", "the repository is empty", "push a commit first") : answer.Output.Split('\t')[0];
    }

    /// <summary>Null when the commit is checked out. A server that gives no single commit is asked for the branch, deeper.</summary>
    private static async Task<Failure?> GetAsync(GitProgram git, GitUrl url, string reference, string? fallback, IBuildOutput output, CancellationToken ct)
    {
        void Progress(string line) => output.Line(BuildLogStream.Err, Step, line);
        var got = await git.RunAsync(["fetch", "--quiet", "--depth=1", "--no-tags", "--no-recurse-submodules", "--", url.Text, reference], Progress, ct);
        if (got.ExitCode != 0 && GitRef.IsCommit(reference) && fallback is not null && fallback != reference)
        {
            got = await git.RunAsync(["fetch", "--quiet", "--depth=1000", "--no-tags", "--no-recurse-submodules", "--", url.Text, fallback], Progress, ct);
        }

        if (got.ExitCode != 0) return GitErrors.ToFailure(got.Error, url, fallback ?? reference);
        var target = GitRef.IsCommit(reference) ? reference : "FETCH_HEAD";
        var checkedOut = await git.RunAsync(["checkout", "--quiet", "--detach", target], null, ct);
        return checkedOut.ExitCode == 0 ? null : GitErrors.ToFailure(checkedOut.Error, url, reference);
    }

    private static async Task<SourceRef> PinAsync(GitProgram git, SourceRef source, CancellationToken ct)
    {
        var shown = (await git.RunAsync(["log", "-1", "--format=%H%x00%s%x00%an", "HEAD"], null, ct)).Output.TrimEnd('\n').Split('\0');
        return source with { Commit = shown[0], CommitMessage = shown.ElementAtOrDefault(1) ?? source.CommitMessage, Author = shown.ElementAtOrDefault(2) ?? source.Author };
    }
}
