using System.Collections.Concurrent;
using System.Diagnostics;

namespace EndToEnd.Tests.Sleeping;

/// <summary>An app that is frozen in every pause between two requests loses none of them, whenever in the sleep they come.</summary>
[Trait("needs", "engine")]
[Trait("story", "sleep")]
public sealed class FallingAsleepStory(DrowsyInstallation slipway, ITestOutputHelper output) : IClassFixture<DrowsyInstallation>
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(12);

    [Fact]
    public async Task Sleep_can_be_interrupted_at_any_moment()
    {
        await SleepingApp.DeployAsync(slipway, "e2e-drowsy");
        var app = await SleepingApp.DeployAsync(slipway, "e2e-drowsy");
        var (took, wrong) = (new ConcurrentQueue<double>(), new ConcurrentQueue<string>());
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, 2).Select(seed => VisitAsync(new Random(seed))));

        var log = await File.ReadAllLinesAsync(Path.Combine(slipway.Home, "logs", "server.log"));
        var freezes = log.Count(line => line.Contains($"{app.Id} sleeps", StringComparison.Ordinal));
        var interrupted = log.Count(line => line.Contains($"{app.Id} was asked for while it fell asleep", StringComparison.Ordinal));
        output.WriteLine($"{took.Count} requests in {clock.Elapsed.TotalSeconds:0} s met {freezes} freezes, {interrupted} in the midst of it: p50 {took.Order().ElementAt(took.Count / 2):0.0} ms, worst {took.Max():0} ms, {wrong.Count} failed");
        Assert.True(wrong.IsEmpty, string.Join("\n", wrong.Take(20)));
        Assert.InRange(freezes, 10, int.MaxValue);
        Assert.InRange(took.Max(), 0, 5000);

        async Task VisitAsync(Random random)
        {
            while (clock.Elapsed < Length)
            {
                var begun = Stopwatch.GetTimestamp();
                try
                {
                    var (status, body) = await slipway.GetAsync(app.Preview);
                    if ((status, body) != (200, "hello")) wrong.Enqueue($"{clock.Elapsed}: {status} {body}");
                }
                catch (HttpRequestException e)
                {
                    wrong.Enqueue($"{clock.Elapsed}: {e.Message}");
                }

                took.Enqueue(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(300)), TimeProvider.System, TestContext.Current.CancellationToken);
            }
        }
    }
}
