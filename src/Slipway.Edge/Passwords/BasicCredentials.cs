using System.Text;
using Microsoft.AspNetCore.Http;

namespace Slipway.Edge.Passwords;

/// <summary>The password of an <c>Authorization: Basic</c> header; whatever name comes with it.</summary>
internal static class BasicCredentials
{
    private const string Scheme = "Basic ";

    /// <summary>Null: there is none.</summary>
    public static string? PasswordOf(HttpRequest request)
    {
        if (request.Headers.Authorization is not [{ } header] || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || header.Length > 4096) return null;
        var bytes = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[Scheme.Length..].Trim(), bytes, out var length)) return null;
        var text = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : text[(colon + 1)..];
    }
}
