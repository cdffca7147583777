using Microsoft.Extensions.Options;
using Slipway.Client;
using Slipway.Core;
using Slipway.Core.Certificates;
using Slipway.Core.Pipeline.Routing;
using Slipway.Core.Pipeline.Running;
using Slipway.Server.Hosting.Certificates;

namespace Slipway.Server.Api.Certificates;

/// <summary>Certificates as the API shows them.</summary>
internal sealed class CertificateViews(CertificateKeeper keeper, SecureHosts secure, IOptions<AcmeOptions> options, IOptions<RuntimeOptions> runtime)
{
    private string Dashboard => $"slipway.{runtime.Value.BaseDomain}";

    public CertificateView Of(string host) => ToView(keeper.Of(host));

    /// <summary>Those of the installation itself, and those that <paramref name="mayBeSeen"/>.</summary>
    public IEnumerable<CertificateView> All(Func<string, bool> mayBeSeen) =>
        keeper.All.Where(s => s.Name[0] == '*' || s.Name == Dashboard || mayBeSeen(s.Name)).OrderBy(s => s.Name, StringComparer.Ordinal).Select(ToView);

    /// <summary>One line for all of them; null: none is fetched.</summary>
    public (bool IsWell, string Text)? Describe()
    {
        if (!options.Value.IsWanted) return null;
        var all = keeper.All;
        var parts = all.GroupBy(s => s.State).OrderByDescending(g => g.Key).Select(g => $"{g.Count()} {Word(g.Key)}");
        var failed = all.Where(s => s.Failure is not null).OrderBy(s => s.AgainAt).Select(s => $"; {s.Name}: {s.Failure?.Message}").FirstOrDefault();
        return (failed is null, all.Count == 0 ? "no host wants one" : $"{string.Join(", ", parts)}{failed}");
    }

    private CertificateView ToView(CertificateStatus status)
    {
        var failure = status.Failure ?? (status.State == CertificateState.None ? WhyNone() : null);
        return new(status.Name, Word(status.State), status.ValidUntil, failure is { } f ? new FailureView(f.Code, f.Message, f.Step, f.ExitCode, f.Hint) : null, status.AgainAt, secure.PortOf(status.Name) is { } port ? new Urls(runtime.Value.BaseDomain, port, secure.PortOf).OfHost(status.Name) : null);
    }

    private Failure WhyNone() => !options.Value.IsWanted
        ? new Failure("certificate.none_fetched", "no certificates are fetched here", "slipway up --public --acme-email YOU@EXAMPLE.COM fetches them; or put files into the folder certificates of the home (docs/domains.md)")
        : !secure.IsServed
            ? new Failure("certificate.no_tls", "the edge serves no TLS", $"slipway up --public opens port 443; {Edge.EdgeTlsOptions.Section}:Port names another")
            : new Failure("certificate.not_served", "nothing is served at this host yet", "it is asked for once a deployment of the project is there");

    private static string Word(CertificateState state) => state switch
    {
        CertificateState.None => "none",
        CertificateState.File => "file",
        CertificateState.Asked => "asked",
        CertificateState.Waiting => "waiting",
        CertificateState.Valid => "valid",
        CertificateState.Failed => "failed",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
