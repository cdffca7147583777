using System.Collections;
using System.Text;

namespace Slipway.Cli.Machine;

/// <summary>What of our own environment the units keep, as a file for systemd. Pure.</summary>
internal static class UnitEnvironment
{
    private static readonly HashSet<string> Kept = new(StringComparer.OrdinalIgnoreCase)
    {
        // A checkout publishes its static server from there; a program built here finds its runtime by the other.
        "SLIPWAY_BUILD", "SLIPWAY_PORT", "SLIPWAY_CHECKOUT", "DOTNET_ROOT", "DOCKER_HOST",
        // Ways out of this machine, which differ from what systemd gives.
        "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR", "GIT_SSL_CAINFO", "GIT_SSL_CAPATH",
        // Package sources: the fence opens them.
        "npm_config_registry", "YARN_NPM_REGISTRY_SERVER", "BUN_CONFIG_REGISTRY", "PIP_INDEX_URL", "UV_INDEX_URL", "GOPROXY",
    };

    public static IReadOnlyDictionary<string, string> Of(IDictionary environment, IReadOnlyDictionary<string, string> extra)
    {
        var kept = new SortedDictionary<string, string>(ServerMemory.Variables.ToDictionary(), StringComparer.Ordinal);
        foreach (DictionaryEntry entry in environment)
        {
            if (entry is { Key: string name, Value: string { Length: > 0 } value } && IsKept(name)) kept[name] = value;
        }

        foreach (var (name, value) in extra) kept[name] = value;
        return kept;
    }

    /// <summary>In double quotes only these four are special; a % is not.</summary>
    public static string Render(IReadOnlyDictionary<string, string> environment)
    {
        var text = new StringBuilder("# Written by slipway up, for the units; settings belong into settings.json beside it.\n");
        foreach (var (name, value) in environment)
        {
            text.Append(name).Append("=\"");
            foreach (var c in value) text.Append(c is '"' or '\\' or '$' or '`' ? "\\" : "").Append(c);
            text.Append("\"\n");
        }

        return text.ToString();
    }

    /// <summary>Settings are written as Slipway__Section__Name.</summary>
    private static bool IsKept(string name) => Kept.Contains(name) || name.StartsWith("Slipway__", StringComparison.OrdinalIgnoreCase);
}
