using Slipway.Core;

namespace Slipway.Nats.Control;

/// <summary>Work of one deployment in its order, of different ones side by side.</summary>
internal sealed class Chains
{
    /// <summary>Ends of chains that are over stay until there are so many.</summary>
    private const int Kept = 1_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<DeploymentId, Task> _last = [];

    public void Add(DeploymentId deployment, Func<Task> work)
    {
        lock (_gate)
        {
            var before = _last.GetValueOrDefault(deployment, Task.CompletedTask);
            _last[deployment] = RunAsync(before, work);
        }
    }

    public Task WhenDoneAsync()
    {
        lock (_gate) return Task.WhenAll(_last.Values);
    }

    private async Task RunAsync(Task before, Func<Task> work)
    {
        await Task.Yield();
        await before;
        await work();
        lock (_gate)
        {
            if (_last.Count > Kept) Forget();
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
