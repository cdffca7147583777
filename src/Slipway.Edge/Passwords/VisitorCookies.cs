using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Slipway.Core.Pipeline.Routing;

namespace Slipway.Edge.Passwords;

/// <summary>Who knew a host's password: an end, signed together with the host and the password's hash. A new password ends all of them.</summary>
internal sealed class VisitorCookies(TimeSpan lifetime, TimeProvider time)
{
    public const string Name = "slipway_visit";

    /// <summary>A domain above ours may set more of that name; signing costs.</summary>
    private const int MostLookedAt = 4;

    /// <summary>From its file; nobody is let in before.</summary>
    public byte[] Key { get; set; } = RandomNumberGenerator.GetBytes(32);

    public void Issue(HttpContext context, string hash)
    {
        var until = (time.GetUtcNow() + lifetime).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        context.Response.Cookies.Append(Name, $"{until}.{Sign(context.Request, hash, until)}", new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            Path = "/",
            MaxAge = lifetime,
            Secure = context.Request.IsHttps,
        });
    }

    public bool Admits(HttpRequest request, string hash)
    {
        var looked = 0;
        foreach (var value in Values(request))
        {
            if (++looked > MostLookedAt) return false;
            var dot = value.IndexOf('.', StringComparison.Ordinal);
            if (dot <= 0 || !long.TryParse(value.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var until) || until <= time.GetUtcNow().ToUnixTimeSeconds()) continue;
            if (CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(value[(dot + 1)..]), Encoding.ASCII.GetBytes(Sign(request, hash, value[..dot])))) return true;
        }

        return false;
    }

    /// <summary>The app has no use for it, and could give it away.</summary>
    public static void Remove(HttpRequest request)
    {
        if (!request.Headers.Cookie.Any(line => line?.Contains(Name, StringComparison.Ordinal) == true)) return;
        string[] left = [.. Lines(request).Where(pair => !IsOurs(pair))];
        request.Headers.Cookie = left.Length == 0 ? StringValues.Empty : string.Join("; ", left);
    }

    private static IEnumerable<string> Values(HttpRequest request) => Lines(request).Where(IsOurs).Select(pair => pair[(Name.Length + 1)..]);

    private static IEnumerable<string> Lines(HttpRequest request) =>
        request.Headers.Cookie.SelectMany(line => (line ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    private static bool IsOurs(string pair) => pair.StartsWith(Name + "=", StringComparison.Ordinal);

    private string Sign(HttpRequest request, string hash, string until)
    {
        var host = HostName.WithoutPort(request.Host.Value).ToString().ToLowerInvariant();
        return Base64Url.EncodeToString(HMACSHA256.HashData(Key, Encoding.UTF8.GetBytes($"{host}\n{hash}\n{until}")));
    }
}
