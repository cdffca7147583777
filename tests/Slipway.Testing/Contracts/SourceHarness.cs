using Slipway.Core;
using Slipway.Core.Pipeline.Sourcing;

namespace Slipway.Testing.Contracts;

/// <summary>One fetcher under test, and somewhere to fetch from.</summary>
public abstract class SourceHarness : IAsyncDisposable
{
    public abstract ISourceFetcher Fetcher { get; }

    /// <summary>A repository's address, whether or not it exists yet.</summary>
    public abstract string Url(string repository);

    /// <summary>Adds files to a branch, <c>main</c> being the default one; returns the commit.</summary>
    public abstract Task<string> CommitAsync(string repository, IReadOnlyDictionary<string, string> files, string message, string branch = "main");

    public abstract Task TagAsync(string repository, string tag, string commit);

    public abstract Task RemoveBranchAsync(string repository, string branch);

    /// <summary>An archive as the API has stored it.</summary>
    public abstract Task<UploadId> UploadAsync(IReadOnlyDictionary<string, string> files);

    /// <summary>From now on no answer comes.</summary>
    public abstract void FallSilent();

    public abstract ValueTask DisposeAsync();
}
