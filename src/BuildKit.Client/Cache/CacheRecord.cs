using BuildKit.Client.Wire;

namespace BuildKit.Client;

/// <summary>One piece of build cache (UsageRecord in moby/buildkit api/services/control).</summary>
public sealed record CacheRecord
{
    /// <summary>Its name, as <c>id==…</c> in a filter wants it.</summary>
    public required string Id { get; init; }

    /// <summary>Bytes of its own; what it shares with its parents is counted there.</summary>
    public required long Size { get; init; }

    /// <summary>A build or an image holds it; it cannot be pruned now.</summary>
    public required bool InUse { get; init; }

    /// <summary>Something may still write to it: a cache mount, a copy of a context.</summary>
    public required bool IsMutable { get; init; }

    /// <summary>An image of the engine or another record stands on it.</summary>
    public required bool IsShared { get; init; }

    /// <summary>regular, source.local (a copy of a context), exec.cachemount, source.git.checkout, frontend, internal.</summary>
    public required string Type { get; init; }

    /// <summary>In the daemon's words: <c>mount / from exec /bin/sh -c npm ci</c>, <c>cached mount /root/.npm from exec … with id "x"</c>.</summary>
    public required string Description { get; init; }

    /// <summary>What it stands on, by id.</summary>
    public required IReadOnlyList<string> Parents { get; init; }

    /// <summary>Null where the daemon does not know.</summary>
    public required DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Null: never since it was made.</summary>
    public required DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>How many builds used it.</summary>
    public required long UsageCount { get; init; }

    internal static CacheRecord From(UsageRecord r) => new()
    {
        Id = r.Id,
        Size = r.Size,
        InUse = r.InUse,
        IsMutable = r.Mutable,
        IsShared = r.Shared,
        Type = r.RecordType,
        Description = r.Description,
        Parents = r.Parents.Count > 0 ? [.. r.Parents] : r.Parent.Length > 0 ? [r.Parent] : [],
        CreatedAt = r.CreatedAt?.ToDateTimeOffset(),
        LastUsedAt = r.LastUsedAt?.ToDateTimeOffset(),
        UsageCount = r.UsageCount,
    };
}
