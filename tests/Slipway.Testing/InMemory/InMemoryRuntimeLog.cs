using System.Runtime.CompilerServices;
using Slipway.Core;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.RuntimeLogs;
using Slipway.Core.Signals;

namespace Slipway.Testing.InMemory;

/// <summary>All lines in one list; it drops none.</summary>
public sealed class InMemoryRuntimeLog : IRuntimeLog
{
    private readonly Lock _one = new();
    private readonly List<(ProjectId Project, RuntimeLine Line)> _lines = [];
    private readonly Doorbell<ProjectId> _bell = new();
    private long _last;
    private int _refused;

    /// <summary>What the next lines are refused with: a full disk.</summary>
    public Exception? Fault { get; set; }

    /// <summary>How many times it was.</summary>
    public int Refused => Volatile.Read(ref _refused);

    public IRuntimeLogWriter Open(ProjectId project, DeploymentId deployment)
    {
        lock (_one) return new Writer(this, project, deployment, new StoredBefore([.. _lines.Select(l => l.Line).Where(line => line.Deployment == deployment)]));
    }

    public Task<IReadOnlyList<RuntimeLine>> ReadAsync(RuntimeLogQuery query, CancellationToken ct)
    {
        lock (_one) return Task.FromResult<IReadOnlyList<RuntimeLine>>([.. Find(query).OrderBy(line => line.At).ThenBy(line => line.Number).TakeLast(query.Tail)]);
    }

    public async IAsyncEnumerable<RuntimeLine> FollowAsync(RuntimeLogQuery query, [EnumeratorCancellation] CancellationToken ct)
    {
        using var listener = _bell.Listen(query.Project);
        var (after, isFirst) = (query.After ?? 0, query.After is null);
        while (true)
        {
            List<RuntimeLine> lines;
            lock (_one) lines = [.. Find(query).Where(line => line.Number > after)];
            foreach (var line in isFirst ? lines.TakeLast(query.Tail) : lines) yield return line;
            (after, isFirst) = (lines is [.., var last] ? last.Number : after, false);
            await listener.WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System, ct);
        }
    }

    public IReadOnlyList<DeploymentId> List()
    {
        lock (_one) return [.. _lines.Select(l => l.Line.Deployment).Distinct()];
    }

    public void Remove(DeploymentId deployment)
    {
        lock (_one)
        {
            _lines.RemoveAll(l => l.Line.Deployment == deployment);
            _removed.Add(deployment);
        }
    }

    private readonly HashSet<DeploymentId> _removed = [];

    private IEnumerable<RuntimeLine> Find(RuntimeLogQuery query) => _lines
        .Where(l => l.Project == query.Project && (query.Deployment is null || l.Line.Deployment == query.Deployment) && !(l.Line.At < query.Since)).Select(l => l.Line);

    private sealed class Writer(InMemoryRuntimeLog log, ProjectId project, DeploymentId deployment, StoredBefore before) : IRuntimeLogWriter
    {
        public DateTimeOffset? After => before.After;

        public void Append(IReadOnlyList<OutputLine> lines)
        {
            lock (log._one)
            {
                if (log.Fault is { } fault)
                {
                    log._refused++;
                    throw fault;
                }

                if (log._removed.Contains(deployment)) return;
                foreach (var line in lines.Where(line => !before.Has(line)))
                    log._lines.Add((project, new(++log._last, deployment, line.At, line.IsError ? RuntimeStream.Err : RuntimeStream.Out, line.Text)));
            }

            log._bell.Ring(project);
        }
    }
}
