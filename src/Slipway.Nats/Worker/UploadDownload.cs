using Slipway.Core;
using Slipway.Core.BuildLogs;
using Slipway.Core.Pipeline.Sourcing;

namespace Slipway.Nats.Worker;

/// <summary>Gets a claimed deployment's upload from the control plane before the fetcher unpacks it, and takes it away after.</summary>
internal sealed class UploadDownload(ISourceFetcher inner, HeldClaims held, string uploadsDirectory, TimeProvider time, TimeSpan? limit = null) : ISourceFetcher
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(10) }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>For the whole of it: a control plane that stops in the middle holds no build's place for ever.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    public async Task<Outcome<SourceSnapshot>> FetchAsync(SourceRef source, string workDirectory, IBuildOutput output, CancellationToken ct)
    {
        if (source.Upload is not { } upload) return await inner.FetchAsync(source, workDirectory, output, ct);
        if (!held.Uploads.TryRemove(upload, out var url)) return new Failure("fetch.upload_unreachable", "the control plane gave this worker no address for the upload", "set Slipway:Api:InternalUrl of the control plane to where workers reach it, and Slipway:Api:Listen so that it listens there", "fetch");
        var path = Path.Combine(uploadsDirectory, $"{upload}.tar.gz");
        try
        {
            if (await WithinAsync(limit, url, path, ct) is { } failure) return failure;
            return await inner.FetchAsync(source, workDirectory, output, ct);
        }
        finally
        {
            File.Delete(path);
        }
    }

    public Task<Outcome<HashSet<string>>> BranchesAsync(string url, CancellationToken ct) => inner.BranchesAsync(url, ct);

    /// <exception cref="TimeoutException">The platform's own fault: another attempt gets another link.</exception>
    private async Task<Failure?> WithinAsync(TimeSpan? limit, string url, string path, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(limit ?? Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            return await DownloadAsync(url, path, either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new TimeoutException($"the control plane did not send the upload within {limit ?? Limit}");
        }
    }

    private static async Task<Failure?> DownloadAsync(string url, string path, CancellationToken ct)
    {
        using var answer = await Http.GetAsync(new Uri(url), HttpCompletionOption.ResponseHeadersRead, ct);
        if (answer.StatusCode == System.Net.HttpStatusCode.Gone) return new Failure("fetch.upload_missing", "the upload is not there any more", "deploy the folder again", "fetch");
        answer.EnsureSuccessStatusCode();
        await using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
        await answer.Content.CopyToAsync(file, ct);
        return null;
    }
}
