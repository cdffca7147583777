using Slipway.Core;

namespace Slipway.Nats.Control;

/// <summary>Work of one deployment in its order, of different ones side by side.</summary>
internal sealed class Chains
{
    private readonly Lock _gate = new();
    private readonly Dictionary<DeploymentId, Task> _last = [];

    public void Add(DeploymentId deployment, Func<Task> work)
    {
        lock (_gate)
        {
            var before = _last.GetValueOrDefault(deployment, Task.CompletedTask);
            _last[deployment] = RunAsync(deployment, before, work);
        }
    }

    public Task WhenDoneAsync()
    {
        lock (_gate) return Task.WhenAll(_last.Values);
    }

    private async Task RunAsync(DeploymentId deployment, Task before, Func<Task> work)
    {
        await Task.Yield();
        await before;
        await work();
        lock (_gate)
        {
            if (_last.TryGetValue(deployment, out var last) && (last.IsCompleted || _last.Count > 1_000)) Forget();
        }
    }

    private void Forget()
    {
        foreach (var (id, task) in _last.ToArray())
        {
            if (task.IsCompleted) _last.Remove(id);
        }
    }
}
