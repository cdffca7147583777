using Microsoft.Extensions.Logging;

namespace Slipway.Edge.Tls;

/// <summary>Holds the certificates of the folders, and looks again now and then. A file that is wrong costs its own hosts only, and what it held before serves on.</summary>
internal sealed class CertificateKeeper(EdgeTlsOptions options, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    // By the certificate's file: a key that is being exchanged is not there for a moment, or of another name.
    private readonly Dictionary<string, Looked> _looked = new(StringComparer.Ordinal);
    private volatile CertificateTable _table = new([], default);
    private volatile IReadOnlyList<Looked> _all = [];
    private Task _watching = Task.CompletedTask;

    /// <param name="IsOwn">A person put them there.</param>
    /// <param name="Certificate">The last good one.</param>
    /// <param name="Fault">What is wrong with the files as they are.</param>
    internal sealed record Looked(CertificatePair Files, string Stamp, bool IsOwn, HostCertificate? Certificate, string? Fault);

    public IReadOnlyList<Looked> All => _all;

    public HostCertificate? Find(ReadOnlySpan<char> host) => _table.Find(host);

    public bool IsSecure(ReadOnlySpan<char> host) => Find(host)?.IsValid(time.GetUtcNow()) == true;

    /// <summary>Once before anything listens, then until the end.</summary>
    public void Start()
    {
        Look();
        _watching = WatchAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }

    private async Task WatchAsync()
    {
        var wasSeen = true;
        while (!_stop.IsCancellationRequested)
        {
            await Task.Delay(options.LookEvery, time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_stop.IsCancellationRequested) return;
            try
            {
                Look();
                wasSeen = true;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                if (wasSeen) logger.CertificatesNotLookedAt(e);
                wasSeen = false;
            }
        }
    }

    private void Look()
    {
        var now = time.GetUtcNow();
        var found = Found(options.Folder, isOwn: true).Concat(Found(options.AutomaticFolder, isOwn: false)).ToList();
        foreach (var gone in _looked.Keys.Except(found.Select(f => f.Files.Certificate)).ToList()) _looked.Remove(gone);
        foreach (var (files, isOwn) in found)
        {
            var before = _looked.GetValueOrDefault(files.Certificate);
            var stamp = files.Stamp();
            if (before?.Stamp != stamp) _looked[files.Certificate] = Take(files, stamp, isOwn, before, now);
        }

        _all = [.. _looked.Values];
        _table = new CertificateTable([.. _all.Select(l => l.Certificate).OfType<HostCertificate>()], now);
    }

    private Looked Take(CertificatePair files, string stamp, bool isOwn, Looked? before, DateTimeOffset now)
    {
        var (certificate, fault) = CertificateReading.Read(files, isOwn);
        if (fault is not null) logger.CertificateUnusable(files.Certificate, fault, before?.Certificate is null ? "its hosts have none from it" : "the one before it serves on");
        else if (certificate is { } read && !read.IsValid(now)) logger.CertificateUnusable(files.Certificate, read.NotAfter <= now ? $"it expired on {read.NotAfter:u}" : $"it is valid from {read.NotBefore:u} only", "browsers refuse it");
        else logger.CertificateTaken(files.Certificate, string.Join(", ", certificate?.Names ?? []), certificate?.NotAfter ?? default);
        return new Looked(files, stamp, isOwn, certificate ?? before?.Certificate, fault);
    }

    private static IEnumerable<(CertificatePair Files, bool IsOwn)> Found(string folder, bool isOwn) => folder.Length == 0 ? [] : CertificatePair.In(folder).Select(files => (files, isOwn));
}
