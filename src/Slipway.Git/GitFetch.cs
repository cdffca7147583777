using System.Globalization;
using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Core.BuildLogs;
using Slipway.Core.Pipeline.Sourcing;

namespace Slipway.Git;

/// <summary>One commit of a repository by the git program: fetched shallow, pinned, checked out, its .git removed.</summary>
internal sealed class GitFetch(AddressRule addresses, IGitCredentials credentials, IOptions<SourceOptions> options, TimeProvider time)
{
    private const string Step = "fetch";
    private const int MaxLines = 200;
    private const int MaxSubject = 500;
    private const string Heads = "refs/heads/";

    public async Task<Outcome<SourceRef>> FetchAsync(SourceRef source, string folder, IBuildOutput output, CancellationToken ct)
    {
        var parsed = GitUrl.Parse(source.Url ?? "");
        if (parsed.IsFailure(out var failure)) return failure;
        var url = parsed.Value;
        if (source.Ref is { } asked && GitRef.Check(asked) is { } bad) return bad;
        var found = await addresses.ResolveAsync(url, ct);
        if (found.IsFailure(out failure)) return failure;

        var token = await credentials.TokenForAsync(url, ct);
        using var git = new GitProgram(options.Value, url, found.Value, token, folder, time);
        output.Say($"fetching {url.Text}{(source.Ref is { } r ? $" at {r}" : "")}", Step);
        await git.RunAsync(["init", "--quiet", "--initial-branch=slipway", "."], ct);

        var reference = source.Commit ?? source.Ref;
        if (reference is null)
        {
            var head = await DefaultBranchAsync(git, url, ct);
            if (head.IsFailure(out failure)) return failure;
            reference = head.Value;
        }

        if (await GetAsync(git, url, reference, source, folder, output, ct) is { } notGot) return notGot;
        var pinned = await PinAsync(git, source with { Branch = source.Branch ?? FetchedBranch(folder) }, ct);
        Directory.Delete(Path.Combine(folder, ".git"), recursive: true);
        if (File.Exists(Path.Combine(folder, ".gitmodules"))) output.Say("warning: the repository has submodules; they are not fetched", Step);
        output.Say($"commit {pinned.Commit?[..12]}{(pinned.CommitMessage is { } m ? $": {m}" : "")}", Step);
        return pinned;
    }

    public async Task<Outcome<HashSet<string>>> BranchesAsync(string text, string folder, CancellationToken ct)
    {
        var parsed = GitUrl.Parse(text);
        if (parsed.IsFailure(out var failure)) return failure;
        var url = parsed.Value;
        var found = await addresses.ResolveAsync(url, ct);
        if (found.IsFailure(out failure)) return failure;

        using var git = new GitProgram(options.Value, url, found.Value, await credentials.TokenForAsync(url, ct), folder, time);
        var branches = new HashSet<string>(StringComparer.Ordinal);
        // A line is "<hash>\trefs/heads/<branch>".
        var answer = await git.RunAsync(["ls-remote", "--heads", "--", url.Text], ct, onOutput: line =>
        {
            if (line.Split('\t') is [_, var name] && name.StartsWith(Heads, StringComparison.Ordinal)) branches.Add(name[Heads.Length..]);
        });
        return answer.ExitCode == 0 ? branches : GitErrors.ToFailure(answer.Error, url, null);
    }

    private static async Task<Outcome<string>> DefaultBranchAsync(GitProgram git, GitUrl url, CancellationToken ct)
    {
        var answer = await git.RunAsync(["ls-remote", "--symref", "--", url.Text, "HEAD"], ct);
        if (answer.ExitCode != 0) return GitErrors.ToFailure(answer.Error, url, null);
        if (answer.Output.Length == 0) return new Failure("fetch.ref_not_found", "the repository is empty: it has no default branch", "push a commit first");
        var line = answer.Output.Split('\n').FirstOrDefault(l => l.StartsWith("ref: refs/heads/", StringComparison.Ordinal));
        var branch = line?["ref: refs/heads/".Length..].Split('\t')[0];
        // The server's word is checked as the user's is.
        return branch is not null && GitRef.Check(branch) is null ? branch : "HEAD";
    }

    /// <summary>Null when the commit is checked out. A server that gives no single commit is asked for the branch, deeper.</summary>
    private async Task<Failure?> GetAsync(GitProgram git, GitUrl url, string reference, SourceRef source, string folder, IBuildOutput output, CancellationToken ct)
    {
        var told = 0;
        void Tell(string line)
        {
            if (Interlocked.Increment(ref told) <= MaxLines) output.Line(BuildLogStream.Err, Step, line);
        }

        await using var watch = new SizeWatch(Path.Combine(folder, ".git"), options.Value.MaxBytes, time, ct);
        try
        {
            var got = await FetchAsync(git, url, depth: 1, reference, Tell, watch.Token);
            if (got.ExitCode != 0 && GitRef.IsCommit(reference) && GitErrors.IsMissing(got.Error))
            {
                var around = source.Branch ?? (source.Ref is { } named && !GitRef.IsCommit(named) ? named : "HEAD");
                got = await FetchAsync(git, url, depth: 1000, around, Tell, watch.Token);
            }

            if (got.ExitCode != 0) return GitErrors.ToFailure(got.Error, url, reference);
            var target = GitRef.IsCommit(reference) ? reference : "FETCH_HEAD";
            if (await TooLargeAsync(git, target, watch.Token) is { } tooLarge) return tooLarge;
            var checkedOut = await git.RunAsync(["checkout", "--quiet", "--detach", target], ct);
            return checkedOut.ExitCode == 0 ? null : GitErrors.ToFailure(checkedOut.Error, url, reference);
        }
        catch (OperationCanceledException) when (watch.SawTooMuch)
        {
            return options.Value.Limits.Check(0, long.MaxValue);
        }
    }

    private static Task<GitAnswer> FetchAsync(GitProgram git, GitUrl url, int depth, string reference, Action<string> tell, CancellationToken ct) =>
        git.RunAsync(["fetch", "--quiet", $"--depth={depth}", "--no-tags", "--no-recurse-submodules", "--", url.Text, reference], ct, onError: tell);

    /// <summary>Counts before anything is written: a pack of some kilobytes can name the same folder a billion times.</summary>
    private async Task<Failure?> TooLargeAsync(GitProgram git, string commit, CancellationToken ct)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var (files, bytes) = (0L, 0L);
        Failure? refused = null;
        try
        {
            // A line is "100644 blob <hash>   <size>\t<path>"; a submodule's size is "-".
            await git.RunAsync(["ls-tree", "-r", "-l", commit], enough.Token, onOutput: line =>
            {
                if (refused is not null) return;
                if (long.TryParse(line.Split('\t')[0].Split(' ')[^1], CultureInfo.InvariantCulture, out var size)) bytes += size;
                refused = options.Value.Limits.Check(++files, bytes);
                if (refused is not null) enough.Cancel();
            });
            return refused;
        }
        catch (OperationCanceledException) when (refused is not null)
        {
            return refused;
        }
    }

    /// <summary>git notes what it fetched: <c>hash \t\t branch 'main' of …</c>; for tags and commits it says so. Null: no branch.</summary>
    private static string? FetchedBranch(string folder)
    {
        var parts = File.ReadLines(Path.Combine(folder, ".git", "FETCH_HEAD")).FirstOrDefault("").Split('\t');
        return parts.Length > 2 && parts[2].StartsWith("branch '", StringComparison.Ordinal) ? parts[2]["branch '".Length..].Split('\'')[0] : null;
    }

    private static async Task<SourceRef> PinAsync(GitProgram git, SourceRef source, CancellationToken ct)
    {
        var shown = (await git.RunAsync(["log", "-1", "--format=%H%x00%s%x00%an", "HEAD"], ct)).Output.TrimEnd('\n').Split('\0');
        return source with { Commit = shown[0], CommitMessage = Clip(shown.ElementAtOrDefault(1)) ?? source.CommitMessage, Author = Clip(shown.ElementAtOrDefault(2)) ?? source.Author };
    }

    private static string? Clip(string? text) => text is null || text.Length <= MaxSubject ? text : text[..MaxSubject];
}
