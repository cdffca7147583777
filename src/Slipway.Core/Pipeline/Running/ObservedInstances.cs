using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Slipway.Core.Pipeline.Running;

/// <summary>What the reconciler saw when it last looked: for those who need no fresher look, so that the engine is not asked again.</summary>
public sealed class ObservedInstances
{
    private readonly Channel<IReadOnlyList<Instance>> _looks = Channel.CreateBounded<IReadOnlyList<Instance>>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly ConcurrentDictionary<DeploymentId, RestartFacts> _restarts = new();
    private volatile IReadOnlyList<Instance> _latest = [];

    public IReadOnlyList<Instance> Latest => _latest;

    public void Publish(IReadOnlyList<Instance> instances)
    {
        _latest = instances;
        _looks.Writer.TryWrite(instances);
    }

    /// <summary>Since this process came up.</summary>
    public RestartFacts RestartsOf(DeploymentId id) => _restarts.GetValueOrDefault(id, RestartFacts.None);

    /// <param name="ended">As it was seen; null: it was gone.</param>
    public void NoteRestart(DeploymentId id, Instance? ended) => _restarts[id] = RestartsOf(id).And(ended);

    /// <summary>Each look, or the newest of several; for one reader.</summary>
    public IAsyncEnumerable<IReadOnlyList<Instance>> WatchAsync(CancellationToken ct) => _looks.Reader.ReadAllAsync(ct);

    /// <summary>Gives the reader the latest look once more.</summary>
    public void Again() => _looks.Writer.TryWrite(_latest);
}
