using Slipway.Nats;
using Slipway.Testing.Contracts;
using Slipway.Testing.Nats;

namespace Contract.Tests.Nats;

/// <summary>The queue's contract on a real nats-server, which has a clock of its own: here time passes.</summary>
public sealed class NatsWorkQueueTests : WorkQueueContract
{
    protected override TimeSpan Duration => TimeSpan.FromSeconds(1.5);

    protected override TimeSpan Grain => TimeSpan.FromSeconds(1);

    protected override TimeSpan ReturnDelay => TimeSpan.FromSeconds(1.5);

    protected override DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    protected override Task PassAsync(TimeSpan time) => Task.Delay(time, TimeProvider.System, Ct);

    [Fact]
    public async Task A_second_message_for_the_same_job_takes_nothing_from_who_holds_the_first()
    {
        var server = await SharedNats.ServerAsync();
        var options = NatsStore.Options(server);
        await using var link = await NatsStore.OpenAsync(options);
        await StreamPlan.MakeAsync(link, options, Duration, Ct);
        var (queue, other, job) = (NatsStore.Queue(link), NatsStore.Queue(link), NewJob());
        await queue.EnqueueAsync(job, Ct);
        var first = await queue.LeaseAsync("one", Duration, Ct);
        Assert.True(await server.PublishAsync("", $"{options.Prefix}.jobs.{job.Id}-again", System.Text.Encoding.UTF8.GetBytes($$"""{"deployment":"{{job.Deployment}}"}""")));
        var second = await other.LeaseAsync("two", Duration, Ct);
        Assert.Equal(job, second.Job);
        Assert.True(await queue.HeartbeatAsync(first, Duration, Ct));
        Assert.True(await other.CompleteAsync(second, Ct));
        Assert.True(await queue.CompleteAsync(first, Ct));
    }

    protected override Task<StoreParts> StartAsync(TimeProvider time) => NatsStore.StartAsync(time, Duration);

    /// <summary>Long enough for a delivery that should not be.</summary>
    protected override async Task StillWaitsAsync(Task waiting)
    {
        await Task.WhenAny(waiting, Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, Ct));
        Assert.False(waiting.IsCompleted);
    }
}
