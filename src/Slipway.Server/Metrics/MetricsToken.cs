using System.Security.Cryptography;
using System.Text;

namespace Slipway.Server.Metrics;

/// <summary>The token that opens <c>/metrics</c> and nothing else.</summary>
internal sealed class MetricsToken(MetricsOptions options)
{
    private const string Scheme = "Bearer ";

    /// <summary>False also where no such token is set.</summary>
    public bool Lets(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (options.TokenFile.Length == 0 || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || Fault(options.TokenFile) is not null) return false;
        return CryptographicOperations.FixedTimeEquals(Hash(header[Scheme.Length..]), Hash(File.ReadAllText(options.TokenFile)));
    }

    /// <summary>Why the file holds no token; null when it does.</summary>
    public static string? Fault(string file)
    {
        try
        {
            return File.ReadAllText(file).Trim().Length >= 16 ? null : $"{MetricsOptions.Section}:TokenFile: {file} holds no token of 16 characters or more; make one with: openssl rand -hex 32";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{MetricsOptions.Section}:TokenFile: {file} cannot be read by this user: {e.Message}";
        }
    }

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token.Trim()));
}
