using Slipway.Core;

namespace Slipway.Nats;

/// <summary>A NATS server with JetStream that carries jobs to workers and their logs and results back; without one all of it stays in this process.</summary>
public sealed class NatsOptions
{
    public const string Section = "Slipway:Nats";

    /// <summary><c>nats://host:4222</c>, <c>tls://host:4222</c>, several with commas; empty: the queue is embedded in the database.</summary>
    public string Url { get; set; } = "";

    /// <summary>The user of this role; empty: by token, by nkey, or nobody in particular.</summary>
    public string Username { get; set; } = "";

    /// <summary>File that holds the user's password, one line.</summary>
    public string PasswordFile { get; set; } = "";

    /// <summary>File that holds a token, instead of user and password.</summary>
    public string TokenFile { get; set; } = "";

    /// <summary>File that holds an nkey's seed (<c>SU…</c>), instead of user and password.</summary>
    public string SeedFile { get; set; } = "";

    /// <summary>PEM file of the authority that signed the server's certificate; empty: those that this host trusts.</summary>
    public string AuthorityFile { get; set; } = "";

    /// <summary>PEM file of this role's own certificate, for a server that asks for one.</summary>
    public string CertificateFile { get; set; } = "";

    /// <summary>PEM file of that certificate's key.</summary>
    public string KeyFile { get; set; } = "";

    /// <summary>What all names on the server begin with: two installations on one server have two.</summary>
    public string Prefix { get; set; } = "slipway";

    /// <summary>Copies that a cluster keeps of each stream.</summary>
    public int Replicas { get; set; } = 1;

    /// <summary>Bytes of log that wait on the server while the control plane is away; above that builds wait with what they print.</summary>
    public long MaxLogBytes { get; set; } = 1L << 30;

    public bool IsWanted => Url.Length > 0;

    /// <summary>What is wrong with the settings by themselves, as a sentence; null: nothing.</summary>
    public string? Fault()
    {
        if (!IsWanted) return null;
        foreach (var address in Url.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("nats" or "tls") || uri.Host.Length == 0) return $"{Section}:Url is like nats://host:4222 or tls://host:4222: {address}";
            if (uri.UserInfo.Length > 0) return $"{Section}:Url holds credentials; give them by {Section}:Username and {Section}:PasswordFile";
        }

        if (Prefix.Length is 0 or > 32 || !Prefix.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')) return $"{Section}:Prefix may hold letters, digits, - and _: {Prefix}";
        if (Username.Length == 0 != (PasswordFile.Length == 0)) return $"{Section}:Username and {Section}:PasswordFile are given together or not at all";
        if (new[] { Username, TokenFile, SeedFile }.Count(s => s.Length > 0) > 1) return $"{Section}: a user with a password, a token or an nkey, only one of them";
        if (CertificateFile.Length == 0 != (KeyFile.Length == 0)) return $"{Section}:CertificateFile and {Section}:KeyFile are given together or not at all";
        return Missing(nameof(PasswordFile), PasswordFile) ?? Missing(nameof(TokenFile), TokenFile) ?? Missing(nameof(SeedFile), SeedFile)
            ?? Missing(nameof(AuthorityFile), AuthorityFile) ?? Missing(nameof(CertificateFile), CertificateFile) ?? Missing(nameof(KeyFile), KeyFile);
    }

    internal static Secret? Read(string file) => file.Length == 0 ? null : new Secret(File.ReadAllText(file).Trim());

    private static string? Missing(string setting, string file)
    {
        if (file.Length == 0) return null;
        try
        {
            using var opened = File.OpenRead(file);
            return null;
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
        {
            return $"{Section}:{setting} {file} cannot be read by user {Environment.UserName}: {unread.Message}";
        }
    }
}
