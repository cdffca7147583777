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

    /// <summary>Several of them (<c>Addresses:0</c>, <c>Addresses:1</c>, …), with the same certificates for all: each project's builds keep to one, where its cache is, and go to another while that is away.</summary>
    public IList<string> Addresses { get; } = [];

    /// <summary>PEM file of the only authority that may have signed the daemon's certificate; makes a <c>tcp://</c> address encrypted.</summary>
    public string AuthorityFile { get; set; } = "";

    /// <summary>PEM file of the certificate that Slipway shows the daemon.</summary>
    public string CertificateFile { get; set; } = "";

    /// <summary>PEM file of that certificate's private key.</summary>
    public string KeyFile { get; set; } = "";

    /// <summary>The name that the daemon's certificate bears, where it is not the host of its address.</summary>
    public string ServerName { get; set; } = "";

    /// <summary>Where images go: <c>moby</c>, an Engine's own store, or <c>image</c>, a standalone daemon's own, where the Docker Engine cannot run it from; empty: by the kind of address.</summary>
    public string Exporter { get; set; } = "";

    /// <summary>Where images are pushed, when they are kept in a registry; set by the server.</summary>
    public RegistryTarget? Push { get; set; }

    internal string ExporterName => Exporter.Length > 0 ? Exporter : IsStandalone ? "image" : "moby";

    /// <summary>Builds run in a BuildKit of its own, or in several.</summary>
    public bool IsStandalone => All is not [""];

    /// <summary>Each once; an empty one is the one inside the Docker Engine.</summary>
    internal IReadOnlyList<string> All
    {
        get
        {
            string[] named = [.. Addresses.Prepend(Address).Select(a => a.Trim()).Where(a => a.Length > 0).Distinct(StringComparer.Ordinal)];
            return named.Length == 0 ? [""] : named;
        }
    }

    /// <summary>For people: where builds run, when it is not the engine.</summary>
    public string Describe() => All is [var one] ? $"the BuildKit at {one}" : $"the BuildKits at {string.Join(", ", All)}";

    /// <summary>What cannot be right, named by its setting; null: nothing.</summary>
    public string? Fault()
    {
        foreach (var address in All.Where(a => a.Length > 0))
        {
            try
            {
                BuildKitEndpoint.Parse(address);
            }
            catch (FormatException e)
            {
                return $"{Section}:{(address == Address.Trim() ? nameof(Address) : nameof(Addresses))}: {e.Message}";
            }
        }

        return null;
    }

    internal BuildKitEndpoint ToEndpoint(string address)
    {
        if (address.Length == 0) return BuildKitEndpoint.DockerEngine(EngineSocket);
        var tls = AuthorityFile.Length + CertificateFile.Length == 0 ? null : BuildKitTls.FromPem(OrNull(AuthorityFile), OrNull(CertificateFile), OrNull(KeyFile), OrNull(ServerName));
        return BuildKitEndpoint.Parse(address, tls);
    }

    private static string? OrNull(string text) => text.Length == 0 ? null : text;
}
