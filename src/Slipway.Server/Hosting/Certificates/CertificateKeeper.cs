using Microsoft.Extensions.Options;
using Slipway.Core.Certificates;
using Slipway.Core.Pipeline.Routing;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.Signals;
using Slipway.Edge;

namespace Slipway.Server.Hosting.Certificates;

/// <summary>Keeps every host that is served here in a certificate: looks what the edge shows, asks for the one that is most needed, and says how it stands with each.</summary>
internal sealed class CertificateKeeper(
    EdgeCertificatesReader edge, SecureHosts secure, RoutePublisher routes, CertificateFetch fetch, IOptions<AcmeOptions> options, IOptions<RuntimeOptions> runtime, CertificateAudience audience,
    TimeProvider time, ILogger<CertificateKeeper> log) : BackgroundService
{
    private readonly Doorbell<int> _bell = new();
    private volatile IReadOnlyDictionary<string, CertificateStatus> _statuses = new Dictionary<string, CertificateStatus>();
    private volatile string? _asking;
    private Task _fetching = Task.CompletedTask;

    /// <summary>Of all hosts that should have one, and of those that a person's files are for.</summary>
    public IReadOnlyCollection<CertificateStatus> All => [.. _statuses.Keys.Select(Of)];

    public CertificateStatus Of(string host) => _statuses.GetValueOrDefault(host) is not { } status ? Unplanned(host)
        : status.Name == _asking && status.ValidUntil is null ? status with { State = CertificateState.Asked, AgainAt = null } : status;

    /// <summary>A person changed something about it: what was refused is asked anew, within the limits.</summary>
    public void LookAnew(string host)
    {
        fetch.Forget(host);
        _bell.Ring(0);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var listener = _bell.Listen(0);
        fetch.Start();
        try
        {
            while (true)
            {
                var wait = options.Value.LookEvery;
                try
                {
                    if (await LookAsync(stoppingToken) is { } due && due < wait) wait = due;
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    log.CertificatesNotKept(e);
                }

                await listener.WaitAsync(wait, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Shutting down: a program that is asking just now ends with us.
            await _fetching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>How long until something is due; null: not before the next look.</returns>
    internal async Task<TimeSpan?> LookAsync(CancellationToken ct)
    {
        // One that is down tells nothing, and would answer no authority either.
        if (await edge.ReadAsync(ct) is not { } shown) return null;
        var held = Held(shown);
        secure.See(shown.Port, held);
        var wanted = CertificateWishes.Of(routes.Routes, runtime.Value.BaseDomain, options.Value.DnsProvider.Length > 0, audience.IsPublic);
        var now = time.GetUtcNow();
        var plan = CertificatePlan.Compute(wanted, held, fetch.Ledger, options.Value, now);
        // Without TLS nobody would be shown it.
        var fetches = options.Value.IsWanted && shown.Port > 0;
        _statuses = (fetches ? plan.Statuses : plan.Statuses.Select(WithoutFetching)).ToDictionary(s => s.Name);
        if (!fetches) return null;
        fetch.Tidy(wanted, now);
        if (!_fetching.IsCompleted) return null;
        if (plan.Next is { } next) _fetching = FetchAsync(next, ct);
        return plan.At is { } at && at > now ? at - now : null;
    }

    /// <summary>Beside the looks, which go on: it may take minutes.</summary>
    private async Task FetchAsync(string name, CancellationToken ct)
    {
        _asking = name;
        try
        {
            await fetch.FetchAsync(name, ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            log.CertificatesNotKept(e);
        }
        finally
        {
            _asking = null;
            _bell.Ring(0);
        }
    }

    private CertificateStatus Unplanned(string host) => secure.Best(host) is { } held
        ? new(host, held.IsOwn ? CertificateState.File : CertificateState.Valid, held.NotAfter)
        : new(host, CertificateState.None);

    /// <summary>What there is stays told; what would be asked for is not.</summary>
    private static CertificateStatus WithoutFetching(CertificateStatus planned) =>
        planned.State is CertificateState.File or CertificateState.Valid ? planned with { Failure = null, AgainAt = null } : new(planned.Name, CertificateState.None);

    internal static HeldCertificates Held(EdgeCertificates shown) =>
        new(shown.Certificates.Where(c => c.Names.Count > 0).Select(c => new HeldCertificate(c.Names, c.NotBefore ?? default, c.NotAfter ?? default, c.IsOwn)));
}

/// <summary>Whether others reach the edge.</summary>
internal sealed record CertificateAudience(bool IsPublic);

internal static partial class Log
{
    [LoggerMessage(LogLevel.Error, "the certificates could not be looked after; it is tried again")]
    public static partial void CertificatesNotKept(this ILogger log, Exception e);
}
