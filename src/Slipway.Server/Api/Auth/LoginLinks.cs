using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Slipway.Server.Api.Auth;

/// <summary>One-use links for a browser. Kept in memory for five minutes: a restart just asks for another.</summary>
internal sealed class LoginLinks(TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _open = new();

    public (string Code, DateTimeOffset ExpiresAt) Create()
    {
        foreach (var (old, until) in _open) if (until < time.GetUtcNow()) _open.TryRemove(old, out _);
        var code = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var expires = time.GetUtcNow() + Lifetime;
        _open[Hash(code)] = expires;
        return (code, expires);
    }

    /// <summary>True once.</summary>
    public bool Redeem(string code) => _open.TryRemove(Hash(code), out var until) && time.GetUtcNow() < until;

    private static string Hash(string code) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(code)));
}
