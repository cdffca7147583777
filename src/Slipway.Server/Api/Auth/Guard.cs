using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Core.Pipeline.Running;
using Slipway.Server.Hosting;
using Slipway.Server.Metrics;

namespace Slipway.Server.Api.Auth;

/// <summary>Who may call what. Nobody gets in unasked: token or session, from a host name that is ours.</summary>
internal sealed class Guard(HomeFolder home, SessionCookies sessions, MetricsToken metrics, IOptions<RuntimeOptions> options, IConfiguration settings)
{
    private readonly string? _internalHost = Uri.TryCreate(settings["Slipway:Api:InternalUrl"], UriKind.Absolute, out var uri) ? uri.Host : null;
    private readonly byte[] _token = SHA256.HashData(Encoding.UTF8.GetBytes(home.Token));

    /// <summary>Null when the request may go on, else why not and with which status.</summary>
    public (int Status, Failure Failure)? Check(HttpRequest request)
    {
        // Whoever shows a token is no page that borrows a browser, by whatever name it comes: a scraper in a network of containers.
        if (request.Path.StartsWithSegments("/metrics") && (metrics.Lets(request) || HasToken(request))) return null;
        if (!IsOurHost(request.Host)) return (421, new Failure("host.refused", $"'{request.Host.Host}' is no name of this control plane", "use the address that 'slipway status' prints"));
        if (IsOpen(request.Path)) return null;
        if (HasToken(request)) return null;
        if (!sessions.IsValid(request.Cookies[SessionCookies.Name])) return (401, new Failure("auth.required", "this needs the token or a session", "browsers get in by the link that 'slipway open' prints; scripts send the token under $SLIPWAY_HOME/keys"));
        // A cookie travels by itself, so whoever changes something by it must come from our own pages.
        return IsOnlyReading(request) || IsSameOrigin(request) ? null : (403, new Failure("auth.cross_site", "a browser may change things only from Slipway's own pages"));
    }

    private static bool IsOpen(PathString path) =>
        path.StartsWithSegments("/health") || path.StartsWithSegments("/v1/hooks") || path.StartsWithSegments(UploadLinks.Path) || path.StartsWithSegments("/login") || path.StartsWithSegments("/assets");

    /// <summary>A WebSocket begins as a GET, and does what it likes.</summary>
    private static bool IsOnlyReading(HttpRequest request) => (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) && request.Headers.Upgrade.Count == 0;

    private bool IsOurHost(HostString host) =>
        host.Host is "localhost" or "127.0.0.1" or "[::1]" || string.Equals(host.Host, $"slipway.{options.Value.BaseDomain}", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Host, out var ip) && IPAddress.IsLoopback(ip))
        || (_internalHost is { } known && string.Equals(host.Host, known, StringComparison.OrdinalIgnoreCase));

    private bool HasToken(HttpRequest request)
    {
        const string scheme = "Bearer ";
        var header = request.Headers.Authorization.ToString();
        // Hashes are compared, so neither length nor content shows in the time it takes.
        return header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(header[scheme.Length..].Trim())), _token);
    }

    private static bool IsSameOrigin(HttpRequest request) =>
        Uri.TryCreate(request.Headers.Origin.ToString(), UriKind.Absolute, out var origin) && string.Equals(origin.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase);
}
