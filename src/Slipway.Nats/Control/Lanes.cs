using Slipway.Core;

namespace Slipway.Nats.Control;

/// <summary>What is to be done for one deployment in its order, several at once where they have gathered; different deployments side by side.</summary>
/// <param name="together">At most so many at once.</param>
/// <param name="work">Throws nothing.</param>
internal sealed class Lanes<T>(int together, Func<DeploymentId, IReadOnlyList<T>, Task> work)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<DeploymentId, Lane> _lanes = [];

    public void Add(DeploymentId deployment, T item)
    {
        lock (_gate)
        {
            if (_lanes.TryGetValue(deployment, out var busy))
            {
                busy.Waiting.Enqueue(item);
                return;
            }

            var lane = _lanes[deployment] = new Lane();
            lane.Waiting.Enqueue(item);
            lane.Running = Task.Run(() => RunAsync(deployment, lane));
        }
    }

    public Task WhenDoneAsync()
    {
        lock (_gate) return Task.WhenAll(_lanes.Values.Select(lane => lane.Running));
    }

    private async Task RunAsync(DeploymentId deployment, Lane lane)
    {
        while (Next(deployment, lane) is { Count: > 0 } some) await work(deployment, some);
    }

    private List<T> Next(DeploymentId deployment, Lane lane)
    {
        var some = new List<T>();
        lock (_gate)
        {
            while (some.Count < together && lane.Waiting.TryDequeue(out var item)) some.Add(item);
            if (some.Count == 0) _lanes.Remove(deployment);
        }

        return some;
    }

    private sealed class Lane
    {
        public Queue<T> Waiting { get; } = [];

        public Task Running { get; set; } = Task.CompletedTask;
    }
}
