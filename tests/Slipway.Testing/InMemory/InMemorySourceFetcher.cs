using System.Net;
using System.Security.Cryptography;
using System.Text;
using Slipway.Core;
using Slipway.Core.BuildLogs;
using Slipway.Core.Pipeline.Sourcing;

namespace Slipway.Testing.InMemory;

/// <summary>Repositories and uploads that are only dictionaries; what is fetched is written to the work folder all the same.</summary>
public sealed class InMemorySourceFetcher : ISourceFetcher
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Repository> _repositories = [];
    private readonly Dictionary<UploadId, IReadOnlyDictionary<string, string>> _uploads = [];
    private readonly TaskCompletionSource _never = new();

    /// <summary>From now on no fetch ends but by its token.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Files that the next fetches of this address find, added to those of the branch; returns the commit.</summary>
    public string Commit(string url, IReadOnlyDictionary<string, string> files, string message, string branch = "main", string author = "Ada Lovelace")
    {
        lock (_gate)
        {
            if (!_repositories.TryGetValue(url, out var repository)) _repositories[url] = repository = new Repository();
            var parent = repository.Branches.GetValueOrDefault(branch) ?? repository.Last;
            var all = parent is null ? [] : new Dictionary<string, string>(repository.Commits[parent].Files);
            foreach (var (path, text) in files) all[path] = text;
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{url} {repository.Commits.Count} {message}")))[..40];
            repository.Commits[hash] = new CommitFiles(message, author, all);
            repository.Branches[branch] = repository.Last = hash;
            return hash;
        }
    }

    public void Tag(string url, string tag, string commit)
    {
        lock (_gate) _repositories[url].Tags[tag] = commit;
    }

    public void Upload(UploadId id, IReadOnlyDictionary<string, string> files)
    {
        lock (_gate) _uploads[id] = files;
    }

    public async Task<Outcome<SourceSnapshot>> FetchAsync(SourceRef source, string workDirectory, IBuildOutput output, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (IsSilent) await _never.Task.WaitAsync(ct);
        var found = source.Kind == SourceKind.Git ? Find(source) : FindUpload(source);
        if (found.IsFailure(out var failure)) return failure;
        var folder = Directory.CreateDirectory(Path.Combine(workDirectory, Guid.NewGuid().ToString("N"))).FullName;
        foreach (var (path, text) in found.Value.Files)
        {
            var full = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(full) ?? folder);
            await File.WriteAllTextAsync(full, text, ct);
        }

        output.Say($"fetched {source.Url ?? source.Folder}", "fetch");
        return new SourceSnapshot(folder, found.Value.Source, () =>
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        });
    }

    public async Task<Outcome<HashSet<string>>> BranchesAsync(string url, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (IsSilent) await _never.Task.WaitAsync(ct);
        var parsed = GitUrl.Parse(url);
        if (parsed.IsFailure(out var failure)) return failure;
        lock (_gate)
        {
            return _repositories.TryGetValue(parsed.Value.Text, out var repository)
                ? repository.Branches.Keys.ToHashSet() : new Failure("fetch.auth", $"{parsed.Value.Host} does not show this repository", "check the address");
        }
    }

    public void RemoveBranch(string url, string branch)
    {
        lock (_gate) _repositories[url].Branches.Remove(branch);
    }

    private Outcome<Found> Find(SourceRef source)
    {
        var url = GitUrl.Parse(source.Url ?? "");
        if (url.IsFailure(out var failure)) return failure;
        if (source.Ref is { } asked && GitRef.Check(asked) is { } bad) return bad;
        lock (_gate)
        {
            if (!_repositories.TryGetValue(url.Value.Text, out var repository))
            {
                return IPAddress.TryParse(url.Value.Host, out _) && !_repositories.Keys.Any(k => k.Contains(url.Value.Host, StringComparison.Ordinal))
                    ? new Failure("fetch.url_private", $"{url.Value.Host} is no public host", "use a public one")
                    : new Failure("fetch.auth", $"{url.Value.Host} does not show this repository", "check the address");
            }

            var name = source.Commit ?? source.Ref ?? "main";
            var hash = repository.Branches.GetValueOrDefault(name) ?? repository.Tags.GetValueOrDefault(name) ?? name;
            if (!repository.Commits.TryGetValue(hash, out var commit)) return new Failure("fetch.ref_not_found", $"the repository has no branch, tag or commit '{name}'", "check the name");
            var branch = source.Branch ?? (repository.Branches.ContainsKey(name) ? name : null);
            return new Found(source with { Commit = hash, CommitMessage = commit.Message, Author = commit.Author, Branch = branch }, commit.Files);
        }
    }

    private Outcome<Found> FindUpload(SourceRef source)
    {
        lock (_gate)
        {
            return source.Upload is { } id && _uploads.TryGetValue(id, out var files)
                ? new Found(source, files)
                : new Failure("fetch.upload_missing", "the upload is no longer there", "deploy the folder again");
        }
    }

    private sealed record Found(SourceRef Source, IReadOnlyDictionary<string, string> Files);

    private sealed record CommitFiles(string Message, string Author, IReadOnlyDictionary<string, string> Files);

    private sealed class Repository
    {
        public Dictionary<string, CommitFiles> Commits { get; } = [];

        public Dictionary<string, string> Branches { get; } = [];

        public Dictionary<string, string> Tags { get; } = [];

        public string? Last { get; set; }
    }
}
