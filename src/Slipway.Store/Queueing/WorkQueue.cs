using Microsoft.EntityFrameworkCore;
using Slipway.Core;
using Slipway.Core.Queueing;
using Slipway.Core.Signals;
using Slipway.Core.Tenancy;
using Slipway.Store.Database;

namespace Slipway.Store.Queueing;

/// <summary>
/// Leases are rows that become visible again by themselves: one conditional statement each, no loop that would have to find dead workers.
/// It is the platform's, so workers get every team's jobs; only the dead letters are shown by team.
/// </summary>
internal sealed class WorkQueue(StoreFile file, TimeProvider time) : IWorkQueue, IDeadLetters
{
    /// <summary>Other processes on the same database cannot ring our bell.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    private readonly Doorbell<bool> _bell = new();

    public Task<bool> EnqueueAsync(Job job, CancellationToken ct) => file.WriteAsync(db => InsertAsync(db, job, ct), RingIf, ct);

    public async Task<Lease> LeaseAsync(string worker, TimeSpan duration, CancellationToken ct)
    {
        using var listener = _bell.Listen(true);
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            if (await TakeAsync(worker, duration, ct) is { } lease) return lease;
            await listener.WaitAsync(await NextLookAsync(ct), time, ct);
        }
    }

    public Task<bool> HeartbeatAsync(Lease lease, TimeSpan duration, CancellationToken ct) =>
        file.WriteAsync(async db => await db.Database.ExecuteSqlAsync(
            $"UPDATE queue_jobs SET visible_at = {(time.GetUtcNow() + duration).UtcTicks} WHERE token = {lease.Token}", ct) == 1, ct);

    public Task<bool> CompleteAsync(Lease lease, CancellationToken ct) =>
        file.WriteAsync(async db => await db.Database.ExecuteSqlAsync($"DELETE FROM queue_jobs WHERE token = {lease.Token}", ct) == 1, ct);

    public Task<bool> ReturnAsync(Lease lease, TimeSpan delay, CancellationToken ct) =>
        file.WriteAsync(async db => await db.Database.ExecuteSqlAsync(
            $"UPDATE queue_jobs SET token = NULL, visible_at = {(time.GetUtcNow() + delay).UtcTicks} WHERE token = {lease.Token}", ct) == 1, RingIf, ct);

    public Task<bool> BuryAsync(Lease lease, string reason, CancellationToken ct) =>
        file.WriteAsync(async db =>
        {
            if (await db.QueueJobs.OfEveryTeam().SingleOrDefaultAsync(j => j.Token == lease.Token, ct) is not { } job) return false;
            await db.DeadLetters.OfEveryTeam().Where(l => l.DeploymentId == job.DeploymentId).ExecuteDeleteAsync(ct);
            db.DeadLetters.Add(new DeadLetterRow { DeploymentId = job.DeploymentId, TeamId = job.TeamId, Attempts = job.Attempt, Reason = StorableText.Of(reason), At = time.GetUtcNow() });
            await db.SaveChangesAsync(ct);
            return await db.Database.ExecuteSqlAsync($"DELETE FROM queue_jobs WHERE token = {lease.Token}", ct) == 1;
        }, ct);

    public async Task<IReadOnlyList<DeadLetter>> ListAsync(CancellationToken ct)
    {
        await using var db = file.Read();
        var rows = await db.DeadLetters.OrderByDescending(l => l.At).ThenByDescending(l => l.Sequence).ToListAsync(ct);
        return rows.ConvertAll(row => row.ToDeadLetter());
    }

    public Task<bool> RemoveAsync(long sequence, CancellationToken ct) =>
        file.WriteAsync(async db => await db.DeadLetters.Where(l => l.Sequence == sequence).ExecuteDeleteAsync(ct) == 1, ct);

    private async Task<Lease?> TakeAsync(string worker, TimeSpan duration, CancellationToken ct)
    {
        var token = Guid.NewGuid().ToString("N");
        var now = time.GetUtcNow();
        var expires = now + duration;
        var taken = await file.WriteAsync(db => db.Database.SqlQuery<TakenJob>(
            $"""
             UPDATE queue_jobs SET attempt = attempt + 1, token = {token}, worker = {worker}, visible_at = {expires.UtcTicks}
             WHERE sequence = (SELECT sequence FROM queue_jobs WHERE visible_at <= {now.UtcTicks} ORDER BY visible_at, sequence LIMIT 1)
             RETURNING deployment_id AS "Deployment", attempt AS "Attempt"
             """).ToListAsync(ct), ct);
        return taken is [var job] ? new Lease(new Job(StrongId.Parse<DeploymentId>(job.Deployment)), job.Attempt, token, expires) : null;
    }

    private async Task<TimeSpan> NextLookAsync(CancellationToken ct)
    {
        await using var db = file.Read();
        var next = await db.QueueJobs.OfEveryTeam().MinAsync(j => (DateTimeOffset?)j.VisibleAt, ct);
        var wait = next is { } at ? at - time.GetUtcNow() : LookAgain;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait < LookAgain ? wait : LookAgain;
    }

    private static async Task<bool> InsertAsync(SlipwayDb db, Job job, CancellationToken ct)
    {
        // The team of its deployment, whatever the scope; a job of none is the platform's own to see.
        var id = StrongId.Format(job.Deployment);
        var otherwise = StrongId.Format(TeamScope.Current?.Team ?? default);
        return await db.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO queue_jobs (deployment_id, team_id, attempt, visible_at)
             VALUES ({id}, COALESCE((SELECT team_id FROM deployments WHERE id = {id}), {otherwise}), 0, 0)
             ON CONFLICT (deployment_id) DO NOTHING
             """, ct) == 1;
    }

    private void RingIf(bool changed)
    {
        if (changed) _bell.Ring(true);
    }

    private sealed record TakenJob(string Deployment, int Attempt);
}
