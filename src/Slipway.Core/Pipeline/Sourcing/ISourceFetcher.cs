using Slipway.Core.BuildLogs;

namespace Slipway.Core.Pipeline.Sourcing;

/// <summary>Files of one commit, in a folder of their own; disposing removes them.</summary>
public sealed class SourceSnapshot(string directory, SourceRef source, Action? cleanup = null) : IDisposable
{
    /// <summary>Absolute path on the worker.</summary>
    public string Directory { get; } = directory;

    /// <summary>The source with commit, message, author and branch filled in where known.</summary>
    public SourceRef Source { get; } = source;

    public ISourceTree Tree { get; } = new FolderTree(directory);

    public void Dispose() => cleanup?.Invoke();
}

/// <summary>Brings the files of a source to a work folder.</summary>
public interface ISourceFetcher
{
    /// <summary>
    /// A new folder below <paramref name="workDirectory"/> with the files and nothing else (no <c>.git</c>).
    /// The user's faults are Failures: <c>fetch.url_invalid</c>, <c>fetch.url_private</c>, <c>fetch.ref_invalid</c>,
    /// <c>fetch.ref_not_found</c>, <c>fetch.unreachable</c>, <c>fetch.auth</c>, <c>fetch.timeout</c>, <c>fetch.too_large</c>,
    /// <c>fetch.unsafe_archive</c>, <c>fetch.upload_missing</c>, <c>fetch.symlink_escape</c>. Tokens appear in no log, argv, file or image.
    /// </summary>
    Task<Outcome<SourceSnapshot>> FetchAsync(SourceRef source, string workDirectory, IBuildOutput output, CancellationToken ct);

    /// <summary>The branches that a repository has now, all of them; Failures as of a fetch. None for one that is empty.</summary>
    Task<Outcome<HashSet<string>>> BranchesAsync(string url, CancellationToken ct);
}
