using Slipway.Testing.Contracts;

namespace Contract.Tests.Nats;

/// <summary>The queue's contract on a real nats-server, which has a clock of its own: here time passes.</summary>
public sealed class NatsWorkQueueTests : WorkQueueContract
{
    protected override TimeSpan Duration => TimeSpan.FromSeconds(1.5);

    protected override TimeSpan Grain => TimeSpan.FromSeconds(1);

    protected override TimeSpan ReturnDelay => TimeSpan.FromSeconds(1.5);

    protected override DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    protected override Task PassAsync(TimeSpan time) => Task.Delay(time, TimeProvider.System, Ct);

    protected override Task<StoreParts> StartAsync(TimeProvider time) => NatsStore.StartAsync(time, Duration);

    /// <summary>Long enough for a delivery that should not be.</summary>
    protected override async Task StillWaitsAsync(Task waiting)
    {
        await Task.WhenAny(waiting, Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, Ct));
        Assert.False(waiting.IsCompleted);
    }
}
