using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Slipway.Edge.Forwarding;

namespace Slipway.Edge.Tls;

/// <summary>What is answered over which scheme, and the way from one to the other.</summary>
internal sealed class SecureDoor(CertificateKeeper certificates, ProbeKey probes, EdgeOptions options)
{
    /// <summary>Of the TLS listener; 0 while there is none.</summary>
    public int Port { get; set; }

    /// <summary>Where a plain request is to come again by TLS; null: it may stay.</summary>
    public string? Upgrade(HttpContext context)
    {
        var request = context.Request;
        if (request.IsHttps || !options.Tls.RedirectHttp || probes.IsIn(request)) return null;
        var host = Core.Pipeline.Routing.HostName.WithoutPort(request.Host.Value);
        return IsSecure(host) ? $"https://{host}{PortOf(isHttps: true, context)}{Target(context)}" : null;
    }

    /// <summary>The same request at another host.</summary>
    public string Elsewhere(HttpContext context, string host)
    {
        var isHttps = IsSecure(host);
        return $"{(isHttps ? "https" : "http")}://{host}{PortOf(isHttps, context)}{Target(context)}";
    }

    private bool IsSecure(ReadOnlySpan<char> host) => Port != 0 && !IsLocal(host) && certificates.IsSecure(host);

    /// <summary>Nobody but this machine sees such a host, and a browser may not trust the certificate's authority.</summary>
    private static bool IsLocal(ReadOnlySpan<char> host) => host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);

    private string PortOf(bool isHttps, HttpContext context)
    {
        var (port, usual) = isHttps ? (options.Tls.PublicPort ?? Port, 443) : (context.Request.IsHttps ? options.Port : context.Request.Host.Port ?? 80, 80);
        return port == usual ? "" : string.Create(CultureInfo.InvariantCulture, $":{port}");
    }

    private static string Target(HttpContext context)
    {
        var target = RawTarget.PathAndQuery(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        return target.StartsWith('/') ? target.ToString() : $"/{target}";
    }
}
