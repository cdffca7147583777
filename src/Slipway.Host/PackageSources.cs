using System.Net;
using System.Text.RegularExpressions;

namespace Slipway.Host;

/// <summary>
/// Where this host gets packages from: named in the settings of npm, NuGet, pip and apt, plus the public registries, which
/// inside a company may resolve to a mirror of its own. Pure; every such setting is a URL in a text.
/// </summary>
internal static partial class PackageSources
{
    public static IReadOnlyList<string> Variables { get; } =
    [
        "npm_config_registry", "NPM_CONFIG_REGISTRY", "YARN_NPM_REGISTRY_SERVER", "BUN_CONFIG_REGISTRY", "PIP_INDEX_URL", "UV_INDEX_URL", "GOPROXY",
        "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy",
    ];

    public static IReadOnlyList<string> Files { get; } =
        ["/etc/npmrc", "/usr/etc/npmrc", "/usr/local/etc/npmrc", "/etc/pip.conf", "/etc/apt/sources.list"];

    public static IReadOnlyList<string> FilesAtHome { get; } =
        [".npmrc", ".nuget/NuGet/NuGet.Config", ".config/NuGet/NuGet.Config", ".config/pip/pip.conf", ".pip/pip.conf"];

    public const string Folder = "/etc/apt/sources.list.d";

    public static string Public =>
        """
        https://registry.npmjs.org https://registry.yarnpkg.com https://api.nuget.org https://pypi.org https://files.pythonhosted.org
        http://deb.debian.org http://security.debian.org https://proxy.golang.org https://rubygems.org
        """;

    /// <summary>Each host and port named in a setting's text; comments are passed over.</summary>
    public static IEnumerable<DnsEndPoint> In(string text) =>
        from line in XmlComment().Replace(text, "").Split('\n')
        where line.TrimStart() is not ['#' or ';', ..]
        from Match match in Url().Matches(line)
        where Uri.TryCreate(match.Value, UriKind.Absolute, out _)
        let uri = new Uri(match.Value)
        where uri.Host.Length > 0
        select new DnsEndPoint(uri.Host, uri.Port);

    [GeneratedRegex("""https?://[^\s"'<>,|\]\[]+""", RegexOptions.IgnoreCase)]
    private static partial Regex Url();

    [GeneratedRegex("<!--.*?-->", RegexOptions.Singleline)]
    private static partial Regex XmlComment();
}
