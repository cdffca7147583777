using Slipway.Core;
using Slipway.Core.Pipeline.Shipping;

namespace Slipway.Registry;

/// <summary>An OCI registry that keeps the images; without one the engine's own store does.</summary>
public sealed class RegistryOptions
{
    public const string Section = "Slipway:Registry";

    /// <summary>As the engine and Slipway reach it: <c>registry.example.com</c>, <c>10.0.0.5:5000</c>; empty: there is none. Images are named by it.</summary>
    public string Address { get; set; } = "";

    /// <summary>As Slipway's own processes reach the same registry, where that is another name: in a container the engine's 127.0.0.1 is somebody else; empty: by the same.</summary>
    public string ClientAddress { get; set; } = "";

    /// <summary>As a standalone builder (<c>Slipway:BuildKit:Address</c>) reaches the same registry, where that is another name; empty: by the same.</summary>
    public string BuilderAddress { get; set; } = "";

    /// <summary>Who pushes and pulls; empty: nobody in particular.</summary>
    public string Username { get; set; } = "";

    /// <summary>File that holds the password or token, one line.</summary>
    public string PasswordFile { get; set; } = "";

    /// <summary>PEM file of the authority that signed the registry's certificate; empty: those that this host trusts.</summary>
    public string AuthorityFile { get; set; } = "";

    /// <summary>Without TLS. On loopback, and without an authority file, that is so anyway; the engine must list any other as insecure.</summary>
    public bool PlainHttp { get; set; }

    /// <summary>Whether builds keep their cache there too, where the builder can (a standalone BuildKit, an engine with containerd's image store).</summary>
    public bool Cache { get; set; } = true;

    public bool IsWanted => Address.Length > 0;

    private string Client => ClientAddress.Length > 0 ? ClientAddress : Address;

    internal bool IsPlain => PlainHttp || (AuthorityFile.Length == 0 && IsLoopback(Client));

    /// <summary>By its own name the builder's way may be another: a loopback on our side says nothing of it.</summary>
    public bool IsPlainForBuilder => PlainHttp || (AuthorityFile.Length == 0 && IsLoopback(BuilderAddress.Length > 0 ? BuilderAddress : Address));

    internal Uri Root => new($"{(IsPlain ? "http" : "https")}://{Client}");

    private static bool IsLoopback(string address)
    {
        var host = address.LastIndexOf(':') is var colon and > 0 ? address[..colon] : address;
        return host is "localhost" || (System.Net.IPAddress.TryParse(host.Trim('[', ']'), out var ip) && System.Net.IPAddress.IsLoopback(ip));
    }

    /// <summary>Read anew each time: a password may be changed while the server runs.</summary>
    /// <exception cref="InvalidOperationException">The file cannot be read.</exception>
    public RegistryLogin Login() => new(Address, Username, Password());

    private Secret Password()
    {
        if (PasswordFile.Length == 0) return new Secret("");
        try
        {
            return new Secret(File.ReadAllText(PasswordFile).TrimEnd('\r', '\n'));
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"{Section}:PasswordFile {PasswordFile} cannot be read: {unread.Message}", unread);
        }
    }

    /// <summary>What is wrong with the settings by themselves, as a sentence; null: nothing.</summary>
    public string? Fault()
    {
        if (!IsWanted) return null;
        if (Address.Contains('/', StringComparison.Ordinal) || !Uri.TryCreate($"http://{Address}", UriKind.Absolute, out var uri) || uri.Authority.Length == 0 || uri.UserInfo.Length > 0)
            return $"{Section}:Address is a host with or without a port, and nothing more: {Address}";
        // The engine takes a first part without a dot or a port for a name in its default registry.
        if (!Address.Contains('.', StringComparison.Ordinal) && !Address.Contains(':', StringComparison.Ordinal) && Address != "localhost") return $"{Section}:Address needs a dot or a port, else the engine takes it for a name in its default registry: {Address}";
        if (ClientAddress.Length > 0 && (ClientAddress.Contains('/', StringComparison.Ordinal) || !Uri.TryCreate($"http://{ClientAddress}", UriKind.Absolute, out _))) return $"{Section}:ClientAddress is a host with or without a port, and nothing more: {ClientAddress}";
        if (Username.Length == 0 != (PasswordFile.Length == 0)) return $"{Section}:Username and {Section}:PasswordFile are given together or not at all";
        if (AuthorityFile.Length > 0 && !File.Exists(AuthorityFile)) return $"{Section}:AuthorityFile {AuthorityFile} is not there";
        if (PasswordFile.Length > 0 && !File.Exists(PasswordFile)) return $"{Section}:PasswordFile {PasswordFile} is not there";
        return null;
    }
}
