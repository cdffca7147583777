using Slipway.Core;
using Slipway.Core.Auditing;

namespace Slipway.Testing.InMemory;

/// <param name="most">Entries that are kept of each team.</param>
public sealed class InMemoryAuditLog(int most = 10_000) : IAuditLog
{
    private readonly Lock _gate = new();
    private readonly List<AuditEntry> _entries = [];
    private long _last;

    /// <summary>Thrown at the next try to write, and at each after it.</summary>
    public Exception? Trouble { get; set; }

    public async Task<AuditEntry> AppendAsync(AuditEntry entry, CancellationToken ct)
    {
        await Task.CompletedTask;
        Scopes.Demand(entry.Team);
        if (Trouble is { } trouble) throw trouble;
        lock (_gate)
        {
            var kept = entry.Cut();
            kept = kept with { Id = ++_last, Actor = StorableText.Of(kept.Actor), Detail = StorableText.Of(kept.Detail) };
            _entries.Add(kept);
            var mine = _entries.Where(e => e.Team == entry.Team).ToList();
            foreach (var old in mine.SkipLast(most)) _entries.Remove(old);
            return kept;
        }
    }

    public Task<IReadOnlyList<AuditEntry>> ReadAsync(AuditQuery query, CancellationToken ct)
    {
        lock (_gate)
        {
            var wanted = _entries.Where(e => Scopes.See(e.Team) && (query.Project is null || e.Project == query.Project) && (query.Before is null || e.Id < query.Before));
            return Task.FromResult<IReadOnlyList<AuditEntry>>([.. wanted.OrderByDescending(e => e.Id).Take(query.Limit)]);
        }
    }
}
