using System.Collections.Concurrent;

namespace Slipway.Core.Pipeline.Running;

/// <summary>Deployments in which somebody runs a command just now: they are in use, and are not put to sleep under his hands.</summary>
public sealed class OpenCommands
{
    /// <summary>At once, in all instances together.</summary>
    public const int Most = 50;

    private readonly ConcurrentDictionary<DeploymentId, int> _open = new();
    private int _all;

    public int Of(DeploymentId id) => _open.GetValueOrDefault(id);

    /// <summary>Null when there are too many; else to be disposed when the command has ended.</summary>
    public IDisposable? TryEnter(DeploymentId id)
    {
        if (Interlocked.Increment(ref _all) > Most)
        {
            Interlocked.Decrement(ref _all);
            return null;
        }

        _open.AddOrUpdate(id, 1, (_, n) => n + 1);
        return new Entry(this, id);
    }

    private sealed class Entry(OpenCommands commands, DeploymentId id) : IDisposable
    {
        private int _isLeft;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isLeft, 1) == 1) return;
            commands._open.AddOrUpdate(id, 0, (_, n) => n - 1);
            Interlocked.Decrement(ref commands._all);
        }
    }
}
