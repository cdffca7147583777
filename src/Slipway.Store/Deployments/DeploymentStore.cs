using Microsoft.EntityFrameworkCore;
using Slipway.Core;
using Slipway.Core.Deployments;
using Slipway.Core.Signals;
using Slipway.Core.Tenancy;
using Slipway.Store.Database;
using Slipway.Store.Encryption;

namespace Slipway.Store.Deployments;

internal sealed class DeploymentStore(StoreFile file, MasterKey key, TimeProvider time, DeploymentMetrics? metrics = null) : IDeploymentStore
{
    private readonly Feed<Deployment> _changes = new();

    public Task<Outcome<Deployment>> CreateAsync(Deployment deployment, CancellationToken ct)
    {
        TeamRows.DemandScope(deployment.Team);
        return file.WriteAsync<Outcome<Deployment>>(async db =>
        {
            // Every team: the hash is a host name of the whole installation.
            if (await db.Deployments.OfEveryTeam().AnyAsync(d => d.Hash == deployment.Hash, ct)) return DeploymentRules.HashTaken;
            db.Deployments.Add(DeploymentRow.From(deployment, key));
            await db.SaveChangesAsync(ct);
            return deployment;
        }, created =>
        {
            if (created.Failure is not null) return;
            metrics?.Created(created.Value);
            _changes.Publish(created.Value);
        }, ct);
    }

    public async Task<Deployment?> FindAsync(DeploymentId id, CancellationToken ct)
    {
        await using var db = file.Read();
        return (await db.Deployments.SingleOrDefaultAsync(d => d.Id == id, ct))?.ToDeployment(key);
    }

    public async Task<IReadOnlyList<Deployment>> ListAsync(DeploymentQuery query, CancellationToken ct)
    {
        await using var db = file.Read();
        IQueryable<DeploymentRow> rows = db.Deployments;
        if (query.Project is { } project) rows = rows.Where(d => d.ProjectId == project);
        if (query.States is { } states) rows = rows.Where(d => states.Contains(d.State));
        var found = await rows.OrderByDescending(d => d.CreatedAt).ThenByDescending(d => d.Id).Take(query.Limit).ToListAsync(ct);
        return found.ConvertAll(row => row.ToDeployment(key));
    }

    public async Task<Deployment?> ApplyAsync(DeploymentId id, DeploymentEvent happened, CancellationToken ct)
    {
        var change = await file.WriteAsync<Change?>(async db =>
        {
            if (await db.Deployments.AsTracking().SingleOrDefaultAsync(d => d.Id == id, ct) is not { } row) return null;
            var now = time.GetUtcNow();
            var before = row.ToDeployment(key);
            if (DeploymentTransitions.Apply(before, happened, now) is not { } next) return null;
            row.Change(next);
            db.DeploymentEvents.Add(DeploymentEventRow.From(row, happened, now));
            await db.SaveChangesAsync(ct);
            return new Change(before, next, now);
        }, change =>
        {
            if (change is null) return;
            metrics?.Changed(change.Before, happened, change.After, change.At);
            _changes.Publish(change.After);
        }, ct);
        return change?.After;
    }

    public Task NoteUseAsync(IReadOnlyDictionary<DeploymentId, DateTimeOffset> used, CancellationToken ct) =>
        file.WriteAsync(async db =>
        {
            var noted = 0;
            foreach (var (id, at) in used)
            {
                noted += await db.Deployments.Where(d => d.Id == id && (d.LastUsedAt == null || d.LastUsedAt < at)).ExecuteUpdateAsync(set => set.SetProperty(d => d.LastUsedAt, at), ct);
            }

            return noted;
        }, ct);

    public async Task<IReadOnlyList<DeploymentEventRecord>> EventsAsync(DeploymentId id, CancellationToken ct)
    {
        await using var db = file.Read();
        var rows = await db.DeploymentEvents.Where(e => e.DeploymentId == id).OrderBy(e => e.Sequence).ToListAsync(ct);
        return rows.ConvertAll(row => row.ToRecord());
    }

    public IAsyncEnumerable<Deployment> WatchAsync(CancellationToken ct)
    {
        var scope = TeamScope.Current;
        return _changes.Subscribe(d => scope?.Sees(d.Team) == true, ct);
    }

    private sealed record Change(Deployment Before, Deployment After, DateTimeOffset At);
}
