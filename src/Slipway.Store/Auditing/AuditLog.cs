using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Core.Auditing;
using Slipway.Store.Database;

namespace Slipway.Store.Auditing;

internal sealed class AuditLog(StoreFile file, IOptions<StoreOptions> options) : IAuditLog
{
    public Task<AuditEntry> AppendAsync(AuditEntry entry, CancellationToken ct)
    {
        TeamRows.DemandScope(entry.Team);
        return file.WriteAsync(async db =>
        {
            // Every team: the numbers are the whole installation's.
            var last = await db.AuditEntries.OfEveryTeam().MaxAsync(e => (long?)e.Id, ct) ?? 0;
            var row = AuditEntryRow.From(entry.Cut() with { Id = last + 1 });
            db.AuditEntries.Add(row);
            await db.SaveChangesAsync(ct);
            await MakeRoomAsync(db, entry.Team, ct);
            return row.ToEntry();
        }, ct);
    }

    public async Task<IReadOnlyList<AuditEntry>> ReadAsync(AuditQuery query, CancellationToken ct)
    {
        await using var db = file.Read();
        var rows = await db.AuditEntries
            .Where(e => (query.Project == null || e.Project == query.Project) && (query.Before == null || e.Id < query.Before))
            .OrderByDescending(e => e.Id).Take(query.Limit).ToListAsync(ct);
        return rows.ConvertAll(row => row.ToEntry());
    }

    /// <summary>The newest one is never among those that go, so no number is given twice.</summary>
    private async Task MakeRoomAsync(SlipwayDb db, TeamId team, CancellationToken ct)
    {
        var mine = db.AuditEntries.Where(e => e.TeamId == team);
        if (await mine.OrderByDescending(e => e.Id).Skip(options.Value.AuditEntries).Select(e => (long?)e.Id).FirstOrDefaultAsync(ct) is not { } tooOld) return;
        await mine.Where(e => e.Id <= tooOld).ExecuteDeleteAsync(ct);
    }
}
