using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace BuildKit.Client;

/// <summary>How an encrypted connection is checked, on both sides. Loaded once; a renewed certificate needs a new one of these.</summary>
public sealed class BuildKitTls
{
    /// <summary>The only authorities that may have signed the daemon's certificate; null: those that this machine trusts.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>Who we are, with its private key; null: the daemon does not ask.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>The name that the daemon's certificate must bear; null: the host that is dialled.</summary>
    public string? ServerName { get; init; }

    /// <summary>From PEM files, as <c>buildctl --tlscacert --tlscert --tlskey</c> takes them; null: without.</summary>
    /// <exception cref="BuildKitConnectionException">A file cannot be read, or is not what it should be; its name is in the message.</exception>
    public static BuildKitTls FromPem(string? authorityFile, string? certificateFile, string? keyFile, string? serverName = null) => new()
    {
        Authorities = Read(authorityFile, path =>
        {
            var all = new X509Certificate2Collection();
            all.ImportFromPemFile(path);
            return all.Count > 0 ? all : throw new CryptographicException("no certificate is in it");
        }),
        ClientCertificate = Read(certificateFile, path => X509Certificate2.CreateFromPemFile(path, keyFile)),
        ServerName = serverName,
    };

    private static T? Read<T>(string? path, Func<string, T> read) where T : class
    {
        try
        {
            return path is null ? null : read(path);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new BuildKitConnectionException($"{path} cannot be used as certificate: {e.Message}", e);
        }
    }
}
