using BuildKit.Client;

namespace Slipway.BuildKit;

/// <summary>Where builds run.</summary>
public sealed class BuildKitOptions
{
    public const string Section = "Slipway:BuildKit";

    /// <summary>The Docker Engine's socket; its embedded BuildKit is used when there is no <see cref="Address"/>.</summary>
    public string EngineSocket { get; set; } = "/var/run/docker.sock";

    /// <summary>A BuildKit of its own: <c>unix:///run/buildkit/buildkitd.sock</c>, <c>tcp://host:1234</c>; empty: the one inside the Docker Engine.</summary>
    public string Address { get; set; } = "";

    /// <summary>PEM file of the only authority that may have signed the daemon's certificate; makes a <c>tcp://</c> address encrypted.</summary>
    public string AuthorityFile { get; set; } = "";

    /// <summary>PEM file of the certificate that Slipway shows the daemon.</summary>
    public string CertificateFile { get; set; } = "";

    /// <summary>PEM file of that certificate's private key.</summary>
    public string KeyFile { get; set; } = "";

    /// <summary>The name that the daemon's certificate bears, where it is not the host of <see cref="Address"/>.</summary>
    public string ServerName { get; set; } = "";

    /// <summary>Where images go: <c>moby</c>, an Engine's own store, or <c>image</c>, a standalone daemon's own, where the Docker Engine cannot run it from; empty: by the kind of address.</summary>
    public string Exporter { get; set; } = "";

    /// <summary>Where images are pushed, when they are kept in a registry; set by the server.</summary>
    public RegistryTarget? Push { get; set; }

    internal string ExporterName => Exporter.Length > 0 ? Exporter : Address.Length > 0 ? "image" : "moby";

    internal BuildKitEndpoint ToEndpoint()
    {
        if (Address.Length == 0) return BuildKitEndpoint.DockerEngine(EngineSocket);
        var tls = AuthorityFile.Length + CertificateFile.Length == 0 ? null : BuildKitTls.FromPem(OrNull(AuthorityFile), OrNull(CertificateFile), OrNull(KeyFile), OrNull(ServerName));
        return BuildKitEndpoint.Parse(Address, tls);
    }

    private static string? OrNull(string text) => text.Length == 0 ? null : text;
}
