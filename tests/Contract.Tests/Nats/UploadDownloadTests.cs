using System.Net;
using System.Net.Sockets;
using Slipway.Core;
using Slipway.Core.BuildLogs;
using Slipway.Core.Pipeline.Sourcing;
using Slipway.Nats.Worker;
using Slipway.Testing.Sourcing;

namespace Contract.Tests.Nats;

/// <summary>A worker gets an upload from a control plane that may stop at any byte.</summary>
public sealed class UploadDownloadTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_that_stops_in_the_middle_is_given_up_and_leaves_nothing()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var serving = SendHalfAsync(listener, stop.Token);
        var folder = Directory.CreateTempSubdirectory("slipway-upload-").FullName;
        var source = new SourceRef { Kind = SourceKind.Upload, Upload = StrongId.New<UploadId>(TimeProvider.System) };
        var held = new HeldClaims();
        held.Uploads[source.Upload.Value] = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/upload";

        var download = new UploadDownload(new NeverAsked(), held, folder, TimeProvider.System, TimeSpan.FromMilliseconds(500));
        await Assert.ThrowsAsync<TimeoutException>(() => download.FetchAsync(source, folder, new RecordedOutput(), Ct).WaitAsync(TimeSpan.FromSeconds(20), Ct));
        Assert.Empty(Directory.GetFileSystemEntries(folder));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => serving);
        Directory.Delete(folder);
    }

    private static async Task SendHalfAsync(TcpListener listener, CancellationToken ct)
    {
        using var client = await listener.AcceptTcpClientAsync(ct);
        await client.GetStream().WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf"u8.ToArray(), ct);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
    }

    private sealed class NeverAsked : ISourceFetcher
    {
        public Task<Outcome<SourceSnapshot>> FetchAsync(SourceRef source, string workDirectory, IBuildOutput output, CancellationToken ct) => throw new InvalidOperationException("there is nothing to unpack");

        public Task<Outcome<HashSet<string>>> BranchesAsync(string url, CancellationToken ct) => throw new InvalidOperationException("nobody asks a worker");
    }
}
