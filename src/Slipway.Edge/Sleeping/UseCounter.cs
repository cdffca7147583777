using Slipway.Core;
using Slipway.Core.Pipeline.Running;
using Slipway.Edge.Metrics;

namespace Slipway.Edge.Sleeping;

/// <summary>How one deployment is used, over all hosts that lead to it and all tables that it is in.</summary>
internal sealed class UseCounter(DeploymentId deployment)
{
    private readonly LatencyHistogram _taken = new();
    private readonly long[] _answers = new long[AnswerClass.Names.Length];
    private int _open;
    private long _lastUsedTicks;

    public DeploymentId Deployment { get; } = deployment;

    public bool IsUnused => Volatile.Read(ref _open) == 0 && Volatile.Read(ref _lastUsedTicks) == 0;

    public int Open => Volatile.Read(ref _open);

    public void Enter() => Interlocked.Increment(ref _open);

    public void Leave() => Interlocked.Decrement(ref _open);

    /// <summary>Somebody whom it should stay awake for.</summary>
    public void Touch(DateTimeOffset now) => Volatile.Write(ref _lastUsedTicks, now.UtcTicks);

    /// <param name="kind">Of <see cref="AnswerClass.Names"/>.</param>
    public void CountAnswer(int kind, TimeSpan taken)
    {
        Interlocked.Increment(ref _answers[kind]);
        _taken.Add(taken);
    }

    /// <summary>Null when nobody was answered.</summary>
    public DeploymentTraffic? Traffic()
    {
        var counts = _taken.Counts();
        return counts.All(count => count == 0) ? null : new(Deployment, [.. _answers.Select((_, i) => Interlocked.Read(ref _answers[i]))], counts, _taken.SumSeconds);
    }

    public DeploymentUse Read(bool isWanted)
    {
        var last = Volatile.Read(ref _lastUsedTicks);
        return new(Deployment, Open, last == 0 ? null : new DateTimeOffset(last, TimeSpan.Zero), isWanted);
    }
}
