namespace Slipway.Core.Auditing;

/// <summary>Which entries are wanted, newest first; null members don't narrow.</summary>
public sealed record AuditQuery
{
    /// <summary>By its name, also one that is gone.</summary>
    public string? Project { get; init; }

    /// <summary>Only entries with a lower <see cref="AuditEntry.Id"/>: where the next page begins.</summary>
    public long? Before { get; init; }

    /// <summary>At most so many.</summary>
    public int Limit { get; init; } = 50;
}

/// <summary>
/// Who did what: entries are added and read, and nobody can change or remove one. Of each team the newest are kept, so many as the
/// settings say; the oldest make room. Sees only the rows of the current <see cref="Tenancy.TeamScope"/>.
/// </summary>
public interface IAuditLog
{
    /// <summary>
    /// Durable when it returns. Its team must be in scope (<see cref="InvalidOperationException"/>); its project need not be there.
    /// A log that cannot be written throws, and the caller does not do what would be unseen.
    /// </summary>
    /// <param name="entry">Its id is not looked at.</param>
    /// <returns>As it is kept: with its id, its detail cut.</returns>
    Task<AuditEntry> AppendAsync(AuditEntry entry, CancellationToken ct);

    /// <summary>Newest first; empty when there are none.</summary>
    Task<IReadOnlyList<AuditEntry>> ReadAsync(AuditQuery query, CancellationToken ct);
}
