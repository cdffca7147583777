using BuildKit.Client.Wire;

namespace BuildKit.Client;

/// <summary>What may go of the build cache. As it is, all that nothing uses, save what belongs to the daemon itself.</summary>
public sealed record PruneOptions
{
    /// <summary>As in <c>id==X</c>, <c>type==source.local</c>, <c>description~=mine</c>; a record goes if any of them fits. None: all fit.</summary>
    public IReadOnlyList<string> Filters { get; init; } = [];

    /// <summary>Internal and frontend images, and what an image shares, as well.</summary>
    public bool All { get; init; }

    /// <summary>What was used within this time stays.</summary>
    public TimeSpan KeepFor { get; init; }

    /// <summary>Bytes that stay in any case, the newest; 0: none. (keepBytes up to Engine 27, reservedSpace since.)</summary>
    public long KeepBytes { get; init; }

    /// <summary>Bytes that the cache may hold; 0: no matter. Daemons before BuildKit 0.17 (Engine 28) do not know it and pass it over.</summary>
    public long MaxUsedBytes { get; init; }

    /// <summary>Bytes that shall be free on the disk; 0: no matter. Known as <see cref="MaxUsedBytes"/> is.</summary>
    public long MinFreeBytes { get; init; }

    internal PruneRequest ToRequest()
    {
        const int NanosecondsPerTick = 100;
        var request = new PruneRequest { All = All, KeepDuration = KeepFor.Ticks * NanosecondsPerTick, KeepBytes = KeepBytes, MaxUsedSpace = MaxUsedBytes, MinFreeSpace = MinFreeBytes };
        request.Filter.AddRange(Filters);
        return request;
    }
}
