using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Slipway.Core;
using Slipway.Core.Pipeline.Routing;
using Slipway.Server.Hosting.Certificates;

namespace Slipway.Server.Hosting;

/// <summary>Where this control plane and its edge are reached, as they are now.</summary>
internal sealed class SelfAddress(IServer server, HomeFolder home, IConfiguration settings, SecureHosts secure, TimeProvider time) : IControlPlaneAddress
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);
    private (RunFile? Edge, long At)? _seen;

    /// <summary>Kestrel names a loopback listener "localhost", which a resolver may not know.</summary>
    public string? Api => server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault()?.Replace("//localhost:", "//127.0.0.1:", StringComparison.Ordinal);

    /// <summary>Where people's browsers and programs find it: through the edge, where it listens to none but its neighbours.</summary>
    public string? Public => Given("PublicUrl") is { } given ? Secured(given) : HomeSettings.IsPublic(settings) ? Secured($"http://slipway.{HomeSettings.BaseDomain(settings)}", Api) : Api;

    /// <summary>As the edge reaches it.</summary>
    public string? Endpoint => (Given("InternalUrl") ?? Api) is { } api ? new Uri(api).Authority : null;

    /// <summary>The edge's run file; null while it is down.</summary>
    public RunFile? Edge
    {
        get
        {
            if (_seen is { Edge: not null } seen && time.GetElapsedTime(seen.At) < Fresh) return seen.Edge;
            var edge = RunFiles.Read(home.Paths, "edge");
            _seen = (edge, time.GetTimestamp());
            return edge;
        }
    }

    public int PublicPort => Edge is { } edge ? new Uri(edge.Address).Port : 80;

    public int? SecurePort(string host) => secure.PortOf(host);

    public string DetailsUrl(DeploymentId id) => $"{Public}/deployments/{id}";

    /// <summary>The same over TLS, where its host has a certificate at the edge.</summary>
    /// <param name="otherwise">Null: as it is.</param>
    private string? Secured(string url, string? otherwise = null) => Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme == "http" && secure.PortOf(uri.Host) is { } port
        ? new UriBuilder(uri) { Scheme = "https", Port = port == 443 ? -1 : port }.Uri.ToString().TrimEnd('/') : otherwise ?? url;

    private string? Given(string name) => settings[$"{ApiOptions.Section}:{name}"] is { Length: > 0 } url ? url.TrimEnd('/') : null;
}
