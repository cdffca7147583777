using System.Net;
using System.Net.Sockets;

namespace Slipway.Edge.Passwords;

/// <summary>How often one address may try one password: so many times in five minutes, the right ones not counted.</summary>
internal sealed class Attempts(int most, TimeProvider time)
{
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    private const int MostKept = 10_000;
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Address, string Hash), Tries> _tries = [];

    /// <summary>Before it is known to be wrong: else many at once would all be let through.</summary>
    public bool TryTake(IPAddress? from, string hash)
    {
        var now = time.GetUtcNow();
        lock (_lock)
        {
            var key = (Network(from), hash);
            if (!_tries.TryGetValue(key, out var tries) || tries.Until <= now)
            {
                if (_tries.Count >= MostKept) Shrink(now);
                _tries[key] = tries = new Tries(now + Window);
            }

            return tries.Count < most && ++tries.Count > 0;
        }
    }

    /// <summary>It was none after all.</summary>
    public void GiveBack(IPAddress? from, string hash)
    {
        lock (_lock)
        {
            if (_tries.TryGetValue((Network(from), hash), out var tries) && tries.Count > 0) tries.Count--;
        }
    }

    // Who has so many addresses is held by the queue of the one check at a time.
    private void Shrink(DateTimeOffset now)
    {
        foreach (var (key, tries) in _tries)
        {
            if (tries.Until <= now) _tries.Remove(key);
        }

        if (_tries.Count >= MostKept) _tries.Clear();
    }

    /// <summary>Of IPv6 a household has 2⁶⁴.</summary>
    private static string Network(IPAddress? address) => address switch
    {
        null => "",
        { IsIPv4MappedToIPv6: true } mapped => mapped.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } six => Convert.ToHexString(six.GetAddressBytes().AsSpan(0, 8)),
        _ => address.ToString(),
    };

    private sealed class Tries(DateTimeOffset until)
    {
        public DateTimeOffset Until { get; } = until;

        public int Count { get; set; }
    }
}
