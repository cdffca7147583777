using System.Runtime.CompilerServices;
using Slipway.Core;
using Slipway.Core.BuildLogs;
using Slipway.Core.Signals;
using Slipway.Core.Tenancy;

namespace Slipway.Testing.InMemory;

public sealed class InMemoryBuildLog : IBuildLog
{
    private readonly InMemoryDeploymentStore _deployments;
    private readonly Lock _gate = new();
    private readonly Dictionary<DeploymentId, Log> _logs = [];
    private readonly Doorbell<DeploymentId> _bell = new();

    /// <param name="deployments">Whose logs these are: there is none for a deployment that is not there.</param>
    public InMemoryBuildLog(InMemoryDeploymentStore deployments)
    {
        _deployments = deployments;
        deployments.Removed += Remove;
    }

    public Task AppendAsync(DeploymentId deployment, int attempt, long batch, IReadOnlyList<BuildLogLine> lines, CancellationToken ct)
    {
        lock (_gate)
        {
            if (lines.Count == 0 || Open(deployment) is not { IsComplete: false } log || !log.Batches.Add((attempt, batch))) return Task.CompletedTask;
            foreach (var line in lines) log.Lines.Add(line.Cut() with { Sequence = log.Lines.Count + 1 });
        }

        _bell.Ring(deployment);
        return Task.CompletedTask;
    }

    public async Task AppendAsync(DeploymentId deployment, IReadOnlyList<LogBatch> batches, CancellationToken ct)
    {
        foreach (var batch in batches) await AppendAsync(deployment, batch.Attempt, batch.Number, batch.Lines, ct);
    }

    public Task CompleteAsync(DeploymentId deployment, CancellationToken ct)
    {
        lock (_gate)
        {
            if (Open(deployment) is { } log) log.IsComplete = true;
        }

        _bell.Ring(deployment);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<BuildLogLine>> ReadAsync(DeploymentId deployment, long after, int limit, CancellationToken ct) =>
        Task.FromResult(Read(TeamScope.Current, deployment, after, limit).Lines);

    public Task<IReadOnlyList<BuildLogLine>> ReadChangesAsync(DeploymentId deployment, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<BuildLogLine>>([.. Read(TeamScope.Current, deployment, 0, int.MaxValue).Lines.Where(line => line.Change is not null)]);

    public IAsyncEnumerable<BuildLogLine> FollowAsync(DeploymentId deployment, long after, CancellationToken ct) =>
        FollowAsync(TeamScope.Current, deployment, after, ct);

    private async IAsyncEnumerable<BuildLogLine> FollowAsync(
        TeamScope? scope, DeploymentId deployment, long after, [EnumeratorCancellation] CancellationToken ct)
    {
        using var listener = _bell.Listen(deployment);
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            var (lines, isComplete) = Read(scope, deployment, after, int.MaxValue);
            foreach (var line in lines) yield return line;
            if (lines is [.., var last]) after = last.Sequence;
            if (isComplete) yield break;
            await listener.WaitAsync(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
        }
    }

    private (IReadOnlyList<BuildLogLine> Lines, bool IsComplete) Read(TeamScope? scope, DeploymentId deployment, long after, int limit)
    {
        lock (_gate)
        {
            if (_deployments.TeamOf(deployment) is not { } team || scope?.Sees(team) != true) return ([], true);
            if (!_logs.TryGetValue(deployment, out var log)) return ([], false);
            return ([.. log.Lines.Where(line => line.Sequence > after).Take(limit)], log.IsComplete);
        }
    }

    private Log? Open(DeploymentId deployment)
    {
        if (_deployments.TeamOf(deployment) is null) return null;
        if (!_logs.TryGetValue(deployment, out var log)) _logs[deployment] = log = new Log();
        return log;
    }

    private void Remove(DeploymentId deployment)
    {
        lock (_gate) _logs.Remove(deployment);
        _bell.Ring(deployment);
    }

    private sealed class Log
    {
        public List<BuildLogLine> Lines { get; } = [];
        public HashSet<(int, long)> Batches { get; } = [];
        public bool IsComplete { get; set; }
    }
}
