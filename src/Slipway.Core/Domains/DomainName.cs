using System.Net;
using Slipway.Core.Pipeline.Routing;

namespace Slipway.Core.Domains;

/// <summary>Which names can be a project's own domain.</summary>
public static class DomainName
{
    /// <summary>The comparable form, or why it cannot be one.</summary>
    public static Outcome<string> Check(string? text, string baseDomain)
    {
        var given = (text ?? "").Trim();
        if (given.Contains('*')) return new Failure("domain.wildcard", $"'{given}' is a wildcard; a project's domain is one host", "add each host by its name; what ends in the installation's base domain is served without being added");
        if (!HostName.TryNormalize(given, out var host) || given.Contains(':') || IPAddress.TryParse(host, out _) || !host.Contains('.'))
            return new Failure("domain.invalid", $"'{given}' is no domain name", "write the name alone, without scheme, port or path: www.example.com");
        return IsUnder(host, baseDomain) || IsUnder(host, "localhost")
            ? new Failure("domain.base_domain", $"'{host}' belongs to {(IsUnder(host, baseDomain) ? $"the base domain {baseDomain}" : "this machine")}, whose hosts Slipway gives out itself", "each project has {project}.{base domain} already; add a name of your own")
            : host;
    }

    public static bool IsUnder(string host, string domain) => host == domain || host.EndsWith('.' + domain, StringComparison.Ordinal);
}
