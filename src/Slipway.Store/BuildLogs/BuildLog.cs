using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Slipway.Core;
using Slipway.Core.BuildLogs;
using Slipway.Core.Signals;
using Slipway.Core.Tenancy;
using Slipway.Store.Database;

namespace Slipway.Store.BuildLogs;

internal sealed class BuildLog(StoreFile file, TimeProvider time, BuildLogMetrics? metrics = null) : IBuildLog
{
    /// <summary>Other processes on the same database cannot ring our bell.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);
    private const int PageSize = 1_000;

    /// <summary>Characters after which a page is full whatever was asked for.</summary>
    private const int PageLength = 256 * 1024;

    private readonly Doorbell<DeploymentId> _bell = new();

    public Task AppendAsync(DeploymentId deployment, int attempt, long batch, IReadOnlyList<BuildLogLine> lines, CancellationToken ct) => AppendAsync(deployment, [new(attempt, batch, lines)], ct);

    public async Task AppendAsync(DeploymentId deployment, IReadOnlyList<LogBatch> batches, CancellationToken ct)
    {
        var packed = batches.Where(batch => batch.Lines.Count > 0).AsParallel().AsOrdered().Select(batch => (Batch: batch, Payload: batch.Packed ?? PackedLines.Pack([.. batch.Lines.Select(line => line.Cut())]))).ToList();
        if (packed.Count == 0) return;
        await file.WriteAsync(async db =>
        {
            if (await OpenAsync(db, deployment, ct) is not { CompletedAt: null } log) return 0;

            var before = log.LastSequence;
            var known = await KnownAsync(db, deployment, packed.Select(p => p.Batch), ct);
            foreach (var (batch, payload) in packed)
            {
                if (known.Add((batch.Attempt, batch.Number))) db.BuildLogChunks.Add(Chunk(log, batch, payload));
            }

            await db.SaveChangesAsync(ct);
            return log.LastSequence - before;
        }, stored =>
        {
            metrics?.Stored(stored);
            RingIf(stored > 0, deployment);
        }, ct);
    }

    /// <summary>Of every team, here and in OpenAsync: a worker writes by the deployment's id, scoped or not.</summary>
    private static async Task<HashSet<(int Attempt, long Number)>> KnownAsync(SlipwayDb db, DeploymentId deployment, IEnumerable<LogBatch> batches, CancellationToken ct)
    {
        var numbers = batches.Select(batch => batch.Number).Distinct().ToList();
        var known = await db.BuildLogChunks.OfEveryTeam().Where(c => c.DeploymentId == deployment && numbers.Contains(c.Batch)).Select(c => new { c.Attempt, c.Batch }).ToListAsync(ct);
        return [.. known.Select(c => (c.Attempt, c.Batch))];
    }

    private static BuildLogChunkRow Chunk(BuildLogRow log, LogBatch batch, byte[] payload)
    {
        log.LastSequence += batch.Lines.Count;
        return new BuildLogChunkRow
        {
            DeploymentId = log.DeploymentId,
            TeamId = log.TeamId,
            Attempt = batch.Attempt,
            Batch = batch.Number,
            LastSequence = log.LastSequence,
            LineCount = batch.Lines.Count,
            HasChanges = batch.Lines.Any(line => line.Change is not null),
            Payload = payload,
        };
    }

    public Task CompleteAsync(DeploymentId deployment, CancellationToken ct) =>
        file.WriteAsync(async db =>
        {
            if (await OpenAsync(db, deployment, ct) is not { CompletedAt: null } log) return false;
            log.CompletedAt = time.GetUtcNow();
            await db.SaveChangesAsync(ct);
            return true;
        }, changed => RingIf(changed, deployment), ct);

    public async Task<IReadOnlyList<BuildLogLine>> ReadAsync(DeploymentId deployment, long after, int limit, CancellationToken ct)
    {
        await using var db = file.Read();
        return await ReadLinesAsync(db, deployment, after, limit, ct);
    }

    public async Task<IReadOnlyList<BuildLogLine>> ReadChangesAsync(DeploymentId deployment, CancellationToken ct)
    {
        await using var db = file.Read();
        var chunks = await db.BuildLogChunks.Where(c => c.DeploymentId == deployment && c.HasChanges).OrderBy(c => c.LastSequence)
            .Select(c => new { c.LastSequence, c.LineCount, c.Payload }).ToListAsync(ct);
        return [.. chunks.SelectMany(c => PackedLines.Unpack(c.Payload, c.LastSequence - c.LineCount + 1)).Where(line => line.Change is not null)];
    }

    public IAsyncEnumerable<BuildLogLine> FollowAsync(DeploymentId deployment, long after, CancellationToken ct) =>
        FollowAsync(TeamScope.Current, deployment, after, ct);

    /// <param name="scope">That of the call: a response is often streamed after the block that entered it.</param>
    private async IAsyncEnumerable<BuildLogLine> FollowAsync(
        TeamScope? scope, DeploymentId deployment, long after, [EnumeratorCancellation] CancellationToken ct)
    {
        if (scope is null) yield break;
        using var listener = _bell.Listen(deployment);
        while (true)
        {
            var (lines, isComplete) = await ReadPageAsync(scope, deployment, after, ct);
            foreach (var line in lines) yield return line;
            if (lines is [.., var last])
            {
                after = last.Sequence;
                continue;
            }

            if (isComplete) yield break;
            await listener.WaitAsync(LookAgain, time, ct);
        }
    }

    private async Task<(IReadOnlyList<BuildLogLine> Lines, bool IsComplete)> ReadPageAsync(TeamScope scope, DeploymentId deployment, long after, CancellationToken ct)
    {
        using var entered = scope.Reenter();
        await using var db = file.Read();

        // The end is read before the lines: an end seen here is behind every line seen there.
        var log = await db.BuildLogs.SingleOrDefaultAsync(l => l.DeploymentId == deployment, ct);
        var isComplete = log is null ? !await db.Deployments.AnyAsync(d => d.Id == deployment, ct) : log.CompletedAt is not null;
        return (await ReadLinesAsync(db, deployment, after, PageSize, ct), isComplete);
    }

    private static async Task<List<BuildLogLine>> ReadLinesAsync(SlipwayDb db, DeploymentId deployment, long after, int limit, CancellationToken ct)
    {
        var lines = new List<BuildLogLine>();
        var length = 0;
        if (limit <= 0) return lines;
        var chunks = db.BuildLogChunks.Where(c => c.DeploymentId == deployment && c.LastSequence > after).OrderBy(c => c.LastSequence)
            .Select(c => new { c.LastSequence, c.LineCount, c.Payload });
        await foreach (var chunk in chunks.AsAsyncEnumerable().WithCancellation(ct))
        {
            var taken = lines.Count;
            lines.AddRange(PackedLines.Unpack(chunk.Payload, chunk.LastSequence - chunk.LineCount + 1).Where(line => line.Sequence > after).Take(limit - lines.Count));
            for (; taken < lines.Count; taken++) length += lines[taken].Text.Length;
            if (lines.Count == limit || length >= PageLength) break;
        }

        return lines;
    }

    /// <summary>The log to write to, begun if need be; null when the deployment is gone, for its log went with it.</summary>
    private static async Task<BuildLogRow?> OpenAsync(SlipwayDb db, DeploymentId deployment, CancellationToken ct)
    {
        if (await db.BuildLogs.OfEveryTeam().AsTracking().SingleOrDefaultAsync(l => l.DeploymentId == deployment, ct) is { } begun) return begun;
        var team = await db.Deployments.OfEveryTeam().Where(d => d.Id == deployment).Select(d => (TeamId?)d.TeamId).SingleOrDefaultAsync(ct);
        if (team is not { } owner) return null;
        var log = new BuildLogRow { DeploymentId = deployment, TeamId = owner };
        db.BuildLogs.Add(log);
        return log;
    }

    private void RingIf(bool changed, DeploymentId deployment)
    {
        if (changed) _bell.Ring(deployment);
    }
}
