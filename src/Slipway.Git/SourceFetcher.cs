using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Core.BuildLogs;
using Slipway.Core.Pipeline.Sourcing;

namespace Slipway.Git;

/// <summary>Makes a folder for a source, has it filled, and takes it away again when that fails.</summary>
internal sealed class SourceFetcher(GitFetch git, UploadExtraction uploads, IOptions<SourceOptions> options, TimeProvider time) : ISourceFetcher
{
    public async Task<Outcome<SourceSnapshot>> FetchAsync(SourceRef source, string workDirectory, IBuildOutput output, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(options.Value.FetchTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        var folder = Directory.CreateDirectory(Path.Combine(workDirectory, $"source-{Guid.NewGuid():N}")).FullName;
        var isKept = false;
        try
        {
            var fetched = source.Kind == SourceKind.Git ? await git.FetchAsync(source, folder, output, either.Token) : await uploads.ExtractAsync(source, folder, output, either.Token);
            if (fetched.IsFailure(out var failure)) return failure;
            if (TreeCheck.Find(folder, options.Value.Limits) is { } unsafeTree) return unsafeTree;
            isKept = true;
            return new SourceSnapshot(folder, fetched.Value, () => Remove(folder));
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return Slow();
        }
        finally
        {
            if (!isKept) Remove(folder);
        }
    }

    public async Task<Outcome<HashSet<string>>> BranchesAsync(string url, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(options.Value.FetchTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        var folder = Directory.CreateTempSubdirectory("slipway-branches-").FullName;
        try
        {
            return await git.BranchesAsync(url, folder, either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return Slow();
        }
        finally
        {
            Remove(folder);
        }
    }

    private Failure Slow() => new("fetch.timeout", $"fetching took longer than {options.Value.FetchTimeout.TotalMinutes:0.#} minutes and was stopped", "try again, or raise Slipway:Sources:FetchTimeout");

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }
}
