using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;

namespace Slipway.Edge.Passwords;

internal enum PasswordVerdict
{
    Right,
    Wrong,

    /// <summary>Too many wrong ones from that address; this one was not looked at.</summary>
    TooMany,

    /// <summary>Too many are being looked at; this one was not.</summary>
    Busy,
}

/// <summary>
/// Looks at passwords by ASP.NET Core's hasher, which costs a tenth of a second by intent: one at a time and off the requests' threads, and what was
/// right once is known by a keyed digest from then on. So nobody can eat the edge's processors with passwords.
/// </summary>
internal sealed class PasswordCheck(Attempts attempts) : IDisposable
{
    private const int MostWaiting = 32;
    private const int MostKnown = 10_000;
    private const int MaxLength = 1000;

    private readonly PasswordHasher<PasswordCheck> _hasher = new();
    private readonly SemaphoreSlim _one = new(1);
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<string, bool> _known = new(StringComparer.Ordinal);
    private int _waiting;
    private long _refused;

    /// <summary>Passwords that were wrong, or not looked at.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Right, and that without looking: it was before.</summary>
    public bool IsKnown(string hash, string password) => _known.ContainsKey(Digest(hash, password));

    public async ValueTask<PasswordVerdict> CheckAsync(string hash, string password, IPAddress? from, CancellationToken ct)
    {
        if (IsKnown(hash, password)) return PasswordVerdict.Right;
        var verdict = attempts.TryTake(from, hash) ? await LookAsync(hash, password, ct) : PasswordVerdict.TooMany;
        if (verdict is PasswordVerdict.Right or PasswordVerdict.Busy) attempts.GiveBack(from, hash);
        if (verdict != PasswordVerdict.Right) Interlocked.Increment(ref _refused);
        return verdict;
    }

    public void Dispose() => _one.Dispose();

    private async Task<PasswordVerdict> LookAsync(string hash, string password, CancellationToken ct)
    {
        if (password.Length > MaxLength) return PasswordVerdict.Wrong;
        try
        {
            if (Interlocked.Increment(ref _waiting) > MostWaiting) return PasswordVerdict.Busy;
            await _one.WaitAsync(ct);
            try
            {
                if (IsKnown(hash, password)) return PasswordVerdict.Right;
                return await Task.Run(() => IsRight(hash, password), CancellationToken.None) ? Remember(hash, password) : PasswordVerdict.Wrong;
            }
            finally
            {
                _one.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private bool IsRight(string hash, string password)
    {
        try
        {
            return _hasher.VerifyHashedPassword(this, hash, password) != PasswordVerificationResult.Failed;
        }
        catch (FormatException)
        {
            // A table that another program wrote: what it locked stays locked.
            return false;
        }
    }

    private PasswordVerdict Remember(string hash, string password)
    {
        if (_known.Count >= MostKnown) _known.Clear();
        _known[Digest(hash, password)] = true;
        return PasswordVerdict.Right;
    }

    private string Digest(string hash, string password) => Convert.ToHexString(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{hash}\n{password}")));
}
