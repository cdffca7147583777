using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Slipway.Server.Hosting;

namespace Slipway.Server.Api.Auth;

/// <summary>A browser's session: an expiry signed with a key derived from the API token, so a new token ends all sessions.</summary>
internal sealed class SessionCookies(HomeFolder home, TimeProvider time)
{
    public const string Name = "slipway_session";
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(14);
    private readonly byte[] _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(home.Token), 32, info: "slipway session"u8.ToArray());

    public void Issue(HttpResponse response)
    {
        var expires = time.GetUtcNow() + Lifetime;
        var body = $"{expires.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}";
        response.Cookies.Append(Name, $"{body}.{Sign(body)}", new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, Path = "/", Expires = expires, IsEssential = true, Secure = IsOverTls(response.HttpContext.Request) });
    }

    /// <summary>As the edge tells; whoever else says so only keeps his own cookie closer.</summary>
    private static bool IsOverTls(HttpRequest request) => request.Headers["X-Forwarded-Proto"] == "https";

    public bool IsValid(string? cookie)
    {
        if (cookie?.Split('.') is not [var expires, var nonce, var signature]) return false;
        return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Sign($"{expires}.{nonce}")), Encoding.ASCII.GetBytes(signature))
            && long.TryParse(expires, CultureInfo.InvariantCulture, out var until) && time.GetUtcNow().ToUnixTimeSeconds() < until;
    }

    private string Sign(string body) => Base64Url.EncodeToString(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(body)));
}
