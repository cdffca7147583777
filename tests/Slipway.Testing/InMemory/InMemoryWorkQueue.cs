using Slipway.Core;
using Slipway.Core.Queueing;
using Slipway.Core.Signals;
using Slipway.Core.Tenancy;

namespace Slipway.Testing.InMemory;

public sealed class InMemoryWorkQueue : IWorkQueue, IDeadLetters
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromHours(1);

    private readonly TimeProvider _time;
    private readonly InMemoryDeploymentStore? _deployments;
    private readonly Lock _gate = new();
    private readonly List<Entry> _jobs = [];
    private readonly List<(TeamId Team, DeadLetter Letter)> _dead = [];
    private readonly Doorbell<bool> _bell = new();
    private long _leases;
    private long _letters;

    /// <param name="time">A fake clock makes retries due and leases run out.</param>
    /// <param name="deployments">Whose team a job has.</param>
    public InMemoryWorkQueue(TimeProvider time, InMemoryDeploymentStore? deployments = null)
    {
        (_time, _deployments) = (time, deployments);
        if (deployments is not null) deployments.Removed += Remove;
    }

    public Task<bool> EnqueueAsync(Job job, CancellationToken ct)
    {
        lock (_gate) return Task.FromResult(Add(job));
    }

    public async Task<Lease> LeaseAsync(string worker, TimeSpan duration, CancellationToken ct)
    {
        using var listener = _bell.Listen(true);
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            if (Take(duration) is { } lease) return lease;
            await listener.WaitAsync(NextLook(), _time, ct);
        }
    }

    public Task<bool> HeartbeatAsync(Lease lease, TimeSpan duration, CancellationToken ct) =>
        WithHeld(lease, entry => entry.VisibleAt = _time.GetUtcNow() + duration);

    public Task<bool> CompleteAsync(Lease lease, CancellationToken ct) => WithHeld(lease, entry => _jobs.Remove(entry));

    public Task<bool> ReturnAsync(Lease lease, TimeSpan delay, CancellationToken ct) => WithHeld(lease, entry =>
    {
        (entry.Token, entry.VisibleAt) = (null, _time.GetUtcNow() + delay);
        _bell.Ring(true);
    });

    public Task<bool> BuryAsync(Lease lease, string reason, CancellationToken ct) => WithHeld(lease, entry =>
    {
        _jobs.Remove(entry);
        _dead.RemoveAll(d => d.Letter.Job == entry.Job);
        _dead.Add((entry.Team, new DeadLetter(++_letters, entry.Job, entry.Attempt, StorableText.Of(reason), _time.GetUtcNow())));
    });

    public Task<IReadOnlyList<DeadLetter>> ListAsync(CancellationToken ct)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<DeadLetter>>([.. _dead.Where(d => Scopes.See(d.Team)).Select(d => d.Letter)
                .OrderByDescending(l => l.At).ThenByDescending(l => l.Sequence)]);
        }
    }

    public Task<bool> RemoveAsync(long sequence, CancellationToken ct)
    {
        lock (_gate) return Task.FromResult(_dead.RemoveAll(d => d.Letter.Sequence == sequence && Scopes.See(d.Team)) > 0);
    }

    private bool Add(Job job)
    {
        if (_jobs.Exists(entry => entry.Job == job)) return false;
        var team = _deployments?.TeamOf(job.Deployment) ?? TeamScope.Current?.Team ?? default;
        _jobs.Add(new Entry { Job = job, Team = team, VisibleAt = DateTimeOffset.MinValue });
        _bell.Ring(true);
        return true;
    }

    private Lease? Take(TimeSpan duration)
    {
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            if (_jobs.Where(entry => entry.VisibleAt <= now).MinBy(entry => entry.VisibleAt) is not { } next) return null;
            next.Attempt++;
            next.Token = $"lease-{++_leases}";
            next.VisibleAt = now + duration;
            return new Lease(next.Job, next.Attempt, next.Token, next.VisibleAt);
        }
    }

    private TimeSpan NextLook()
    {
        lock (_gate)
        {
            if (_jobs.Count == 0) return LookAgain;
            var wait = _jobs.Min(entry => entry.VisibleAt) - _time.GetUtcNow();
            return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
        }
    }

    private Task<bool> WithHeld(Lease lease, Action<Entry> act)
    {
        lock (_gate)
        {
            if (_jobs.Find(entry => entry.Token == lease.Token) is not { } held) return Task.FromResult(false);
            act(held);
            return Task.FromResult(true);
        }
    }

    private void Remove(DeploymentId deployment)
    {
        lock (_gate)
        {
            _jobs.RemoveAll(entry => entry.Job.Deployment == deployment);
            _dead.RemoveAll(d => d.Letter.Job?.Deployment == deployment);
        }
    }

    private sealed class Entry
    {
        public required Job Job { get; init; }
        public required TeamId Team { get; init; }
        public required DateTimeOffset VisibleAt { get; set; }
        public int Attempt { get; set; }
        public string? Token { get; set; }
    }
}
