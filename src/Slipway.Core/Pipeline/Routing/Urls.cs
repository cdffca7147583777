using System.Globalization;

namespace Slipway.Core.Pipeline.Routing;

/// <summary>The public addresses: the port appears when it isn't the scheme's own.</summary>
/// <param name="SecurePort">Where a host is served over TLS, under a certificate that is valid; null: it is not.</param>
public sealed record Urls(string BaseDomain, int Port, Func<string, int?>? SecurePort = null)
{
    public string Of(string label) => OfHost($"{label}.{BaseDomain}");

    public string OfHost(string host) => SecurePort?.Invoke(host) is { } secure ? Of("https", host, secure, 443) : Of("http", host, Port, 80);

    private static string Of(string scheme, string host, int port, int usual) => port == usual ? $"{scheme}://{host}" : string.Create(CultureInfo.InvariantCulture, $"{scheme}://{host}:{port}");
}

/// <summary>Which base domains can be used.</summary>
public static class BaseDomainRule
{
    public static Failure? Check(string domain) =>
        domain.Length is 0 or > 200 || domain.Contains("://", StringComparison.Ordinal) || domain.Contains(':', StringComparison.Ordinal) || domain.Contains('/', StringComparison.Ordinal)
            || Uri.CheckHostName(domain) is not UriHostNameType.Dns
            ? new Failure("config.base_domain", $"the base domain '{domain}' must be a plain domain name without scheme, port or path", "for example: localhost, or apps.example.com")
            : null;
}
