using Microsoft.EntityFrameworkCore;
using Slipway.Core;
using Slipway.Core.Domains;
using Slipway.Store.Database;

namespace Slipway.Store.Domains;

internal sealed class DomainStore(StoreFile file) : IDomainStore
{
    public async Task<IReadOnlyList<Domain>> ListAsync(ProjectId? project, CancellationToken ct)
    {
        await using var db = file.Read();
        return await ListAsync(db, project, ct);
    }

    public Task<Outcome<Domain>> AddAsync(Domain domain, CancellationToken ct)
    {
        TeamRows.DemandScope(domain.Team);
        return file.WriteAsync<Outcome<Domain>>(async db =>
        {
            // Every team: a host leads to one place in the whole installation.
            var known = await db.Domains.OfEveryTeam().AsTracking().SingleOrDefaultAsync(d => d.Host == domain.Host, ct);
            if (DomainRules.CheckAdd(domain, known?.ProjectId, await ListAsync(db, domain.Project, ct)) is { } refused) return refused;
            if (known is null) db.Domains.Add(known = DomainRow.From(domain));
            else known.RedirectTo = domain.RedirectTo;
            await db.SaveChangesAsync(ct);
            return known.ToDomain();
        }, ct);
    }

    public Task<Failure?> RemoveAsync(ProjectId project, string host, CancellationToken ct) =>
        file.WriteAsync(async db =>
        {
            if (DomainRules.CheckRemove(host, await ListAsync(db, project, ct)) is { } refused) return refused;
            await db.Domains.Where(d => d.Host == host).ExecuteDeleteAsync(ct);
            return null;
        }, ct);

    private static async Task<IReadOnlyList<Domain>> ListAsync(SlipwayDb db, ProjectId? project, CancellationToken ct)
    {
        var rows = await db.Domains.Where(d => project == null || d.ProjectId == project).OrderBy(d => d.Host).ToListAsync(ct);
        return rows.ConvertAll(row => row.ToDomain());
    }
}
