using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Core.Certificates;
using Slipway.Edge;

namespace Slipway.Server.Hosting.Certificates;

/// <summary>Gets one certificate from end to end: looks whether the host leads here, asks, hands it to the edge, sees that it is shown; and writes down what came of it.</summary>
internal sealed class CertificateFetch(
    ICertificateAuthority authority, HostReach reach, FetchedCertificates folder, EdgeCertificatesReader edge, SlipwayHome home, IOptions<AcmeOptions> options, TimeProvider time, ILogger<CertificateFetch> log)
{
    /// <summary>The edge looks at its folders every few seconds.</summary>
    private static readonly TimeSpan UntilShown = TimeSpan.FromSeconds(30);

    private readonly LedgerFile _file = new(Path.Combine(home.Acme, "ledger.json"));
    private readonly Lock _gate = new();
    private CertificateLedger _ledger = CertificateLedger.Empty;

    public CertificateLedger Ledger
    {
        get { lock (_gate) return _ledger; }
    }

    public void Start()
    {
        lock (_gate) _ledger = _file.Read().Restarted();
        if (options.Value.IsWanted) folder.MakeFolders();
    }

    public void Forget(string name)
    {
        if (Ledger.Refused.ContainsKey(name)) Note(l => l.WithAnew(name));
    }

    public void Tidy(IReadOnlyCollection<string> wanted, DateTimeOffset now) => folder.Tidy(wanted, now);

    public async Task FetchAsync(string name, CancellationToken ct)
    {
        var failure = await TryAsync(name, ct);
        if (failure is null)
        {
            Note(l => l.WithObtained(name, options.Value));
            log.CertificateObtained(name);
            return;
        }

        Note(l => l.WithRefused(name, failure, options.Value, time.GetUtcNow()));
        log.CertificateRefused(name, failure.Message, failure.Hint, Ledger.Refused[name].AgainAt);
    }

    private async Task<Failure?> TryAsync(string name, CancellationToken ct)
    {
        if (options.Value.CheckFirst && !name.StartsWith('*') && await reach.CheckAsync(name, ct) is { } elsewhere) return elsewhere;
        Note(l => l.WithAsked(time.GetUtcNow()));
        log.CertificateAsked(name, options.Value.DirectoryUrl.Authority);
        var answer = await authority.ObtainAsync(name, ct);
        if (answer.IsFailure(out var failure)) return failure;
        var before = time.GetUtcNow();
        await folder.WriteAsync(name, answer.Value, ct);
        return await ShownAsync(name, answer.Value, before, ct);
    }

    /// <summary>Asked again before the edge shows it, it would be asked for again.</summary>
    private async Task<Failure?> ShownAsync(string name, Secret pem, DateTimeOffset since, CancellationToken ct)
    {
        var (path, end) = (folder.PathOf(name), EndOf(pem));
        // By the file's name alone: an edge in another container may have the folder elsewhere.
        var file = Path.GetFileName(path);
        EdgeCertificate? seen = null;
        while (time.GetUtcNow() - since < UntilShown)
        {
            seen = (await edge.ReadAsync(ct))?.Certificates.FirstOrDefault(c => !c.IsOwn && Path.GetFileName(c.File) == file);
            if (seen is { Fault: null } && seen.NotAfter == end) return null;
            await Task.Delay(TimeSpan.FromMilliseconds(250), time, ct);
        }

        return new Failure(CertificateFailures.NotTaken, $"the edge does not show the certificate of {name} that was fetched: {seen?.Fault ?? $"it has not seen {path}"}", "see the edge's log, logs/edge.log in the home, and slipway status");
    }

    private static DateTimeOffset EndOf(Secret pem)
    {
        using var certificate = System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(pem.Reveal());
        return certificate.NotAfter;
    }

    private void Note(Func<CertificateLedger, CertificateLedger> change)
    {
        lock (_gate) _file.Write(_ledger = change(_ledger));
    }
}

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "a certificate for {Name} is asked for at {Authority}")]
    public static partial void CertificateAsked(this ILogger log, string name, string authority);

    [LoggerMessage(LogLevel.Information, "the certificate for {Name} is there, and the edge shows it")]
    public static partial void CertificateObtained(this ILogger log, string name);

    [LoggerMessage(LogLevel.Warning, "no certificate for {Name}: {Why}; {Hint}. It is tried again at {AgainAt:u}")]
    public static partial void CertificateRefused(this ILogger log, string name, string why, string? hint, DateTimeOffset againAt);
}
