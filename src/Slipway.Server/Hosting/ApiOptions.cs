namespace Slipway.Server.Hosting;

/// <summary>Where the API is, for people's programs and for workers.</summary>
public sealed class ApiOptions
{
    public const string Section = "Slipway:Api";

    /// <summary>Its port; unset: the one it had before, else the first free from 7420.</summary>
    public int? Port { get; set; }

    /// <summary>The address it listens on; people reach it through the edge or on this host, so loopback does unless workers are elsewhere.</summary>
    public string Listen { get; set; } = "127.0.0.1";

    /// <summary>How workers and the edge in other containers or on other hosts reach it (<c>http://10.0.0.5:7420</c>); empty: as on this host.</summary>
    public string InternalUrl { get; set; } = "";

    /// <summary>How people reach API and dashboard where <see cref="Listen"/> is for neighbours only (<c>http://slipway.example.com</c>, by the edge); empty: as on this host.</summary>
    public string PublicUrl { get; set; } = "";
}
