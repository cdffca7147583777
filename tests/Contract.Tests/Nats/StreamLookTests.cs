using Slipway.Core;
using Slipway.Nats;
using Slipway.Testing.Hosting;
using Slipway.Testing.Nats;

namespace Contract.Tests.Nats;

/// <summary>What a stream holds of one deployment, on a real nats-server: a log is closed when it holds nothing more of it, so a wrong no loses lines.</summary>
public sealed class StreamLookTests
{
    private const int Sent = 400;
    private const int Taken = 300;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stream_whose_first_blocks_are_gone_still_holds_what_is_left()
    {
        var options = NatsStore.Options(await SharedNats.ServerAsync());
        await using var link = await NatsStore.OpenAsync(options);
        await StreamPlan.MakeAsync(link, options, TimeSpan.FromSeconds(10), Ct);
        var (stream, subject) = (link.Subjects.LogStream, link.Subjects.Log(StrongId.New<DeploymentId>(TimeProvider.System)));
        Assert.False(await link.HoldsAsync(stream, subject, Ct));

        // A block of the server's is some megabytes.
        var data = new byte[64 * 1024];
        for (var i = 0; i < Sent; i++) (await link.JetStream.PublishAsync(subject, data, cancellationToken: Ct)).EnsureStored();
        await TakeAsync(link, stream, Taken);
        Assert.True(await link.HoldsAsync(stream, subject, Ct));
        Assert.False(await link.HoldsAsync(stream, link.Subjects.Log(StrongId.New<DeploymentId>(TimeProvider.System)), Ct));
        await TakeAsync(link, stream, Sent - Taken);
        Assert.False(await link.HoldsAsync(stream, subject, Ct));
    }

    private static async Task TakeAsync(NatsLink link, string stream, int count)
    {
        var left = (await link.JetStream.GetStreamAsync(stream, cancellationToken: Ct)).Info.State.Messages - count;
        var consumer = await StreamPlan.RenewIntakeAsync(link, stream, Ct);
        await foreach (var message in consumer.ConsumeAsync<byte[]>(cancellationToken: Ct))
        {
            await message.AckAsync(cancellationToken: Ct);
            if (--count == 0) break;
        }

        await Looking.UntilAsync(async () => (await link.JetStream.GetStreamAsync(stream, cancellationToken: Ct)).Info.State.Messages == left ? "taken" : null, TimeSpan.FromSeconds(20), "they are out of the stream");
    }
}
