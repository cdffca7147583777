using Slipway.Cli.CommandLine;
using Slipway.Core.Pipeline.Routing;

namespace Slipway.Cli.Machine;

/// <summary>Which base domain the URLs end in.</summary>
internal static class BaseDomain
{
    private const string Example = "for example: --base-domain apps.example.com";

    /// <exception cref="CliError">Names what is wrong with it.</exception>
    public static string Check(string raw)
    {
        var domain = raw.Trim().TrimEnd('.').ToLowerInvariant();
        if (domain.Contains("://", StringComparison.Ordinal)) throw Refuse($"'{raw}' has a scheme in it", $"give the name alone: {domain[(domain.IndexOf("://", StringComparison.Ordinal) + 3)..].TrimEnd('/')}");
        if (domain.Contains('/')) throw Refuse($"'{raw}' has a path in it", Example);
        if (domain.Contains(':')) throw Refuse($"'{raw}' has a port in it", "give the name alone; the edge's port is set by SLIPWAY_PORT");
        if (BaseDomainRule.Check(domain) is not null) throw Refuse($"'{raw}' is no domain name", Example);
        return domain;
    }

    private static CliError Refuse(string why, string hint) => CliError.Usage("config.base_domain", $"the base domain {why}", "base-domain", hint);
}
