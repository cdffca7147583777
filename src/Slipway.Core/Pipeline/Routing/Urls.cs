using System.Globalization;

namespace Slipway.Core.Pipeline.Routing;

/// <summary>The public addresses: the port appears when it isn't 80.</summary>
public sealed record Urls(string BaseDomain, int Port)
{
    public string Of(string label) => OfHost($"{label}.{BaseDomain}");

    public string OfHost(string host) => Port == 80 ? $"http://{host}" : string.Create(CultureInfo.InvariantCulture, $"http://{host}:{Port}");
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
