using System.Net;

namespace Slipway.Server.Metrics;

/// <summary>Who may scrape, and where. The control plane answers at <c>/metrics</c> of its API to the home's token without any of this.</summary>
public sealed class MetricsOptions
{
    public const string Section = "Slipway:Metrics";

    /// <summary>File with a token that opens <c>/metrics</c> and nothing else; read anew at each scrape.</summary>
    public string TokenFile { get; set; } = "";

    /// <summary>A port of its own for <c>/metrics</c>; 0: none. A worker has no other.</summary>
    public int Port { get; set; }

    /// <summary>The address that <see cref="Port"/> is opened on; one that is not loopback needs <see cref="TokenFile"/>.</summary>
    public string Listen { get; set; } = "127.0.0.1";

    internal bool IsWanted => Port > 0 || TokenFile.Length > 0;

    /// <exception cref="SettingsException">They cannot be right.</exception>
    internal static MetricsOptions Read(IConfiguration settings)
    {
        var options = new MetricsOptions();
        settings.GetSection(Section).Bind(options);
        return options.Fault() is { } fault ? throw new SettingsException(fault) : options;
    }

    private string? Fault()
    {
        if (Port is < 0 or > 65535) return $"{Section}:Port is {Port}, which is no port; give a number from 1 to 65535, or 0 for none";
        if (!IPAddress.TryParse(Listen, out var address)) return $"{Section}:Listen is '{Listen}', which is no address; give one like 127.0.0.1 or 0.0.0.0";
        if (Port > 0 && !IPAddress.IsLoopback(address) && TokenFile.Length == 0) return $"{Section}:Listen is {Listen}, which strangers reach; name a file with a token in {Section}:TokenFile, or listen on 127.0.0.1";
        return TokenFile.Length > 0 ? MetricsToken.Fault(TokenFile) : null;
    }
}
