using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.Core.Queueing;

namespace Queue.Bench;

/// <summary>All jobs in, four workers that take and complete them.</summary>
internal static class JobBench
{
    private const int Workers = 4;

    public static async Task<string> RunAsync(Servers servers, string kind, int jobs)
    {
        var prefix = Servers.NewPrefix();
        var services = await servers.StoreAsync(kind == "PostgreSQL");
        var provider = kind == "JetStream" ? await servers.WithNatsAsync(services, prefix) : services.BuildServiceProvider();
        var queue = provider.GetRequiredService<IWorkQueue>();
        var (asked, done) = (new ConcurrentDictionary<DeploymentId, long>(), new ConcurrentDictionary<DeploymentId, int>());
        var waits = new ConcurrentBag<double>();
        using var stop = new CancellationTokenSource();
        var clock = Stopwatch.StartNew();
        var workers = Enumerable.Range(0, Workers).Select(i => Task.Run(async () =>
        {
            while (true)
            {
                var lease = await queue.LeaseAsync($"w{i}", TimeSpan.FromSeconds(30), stop.Token);
                await queue.CompleteAsync(lease, CancellationToken.None);
                done.AddOrUpdate(lease.Job.Deployment, 1, (_, n) => n + 1);
                waits.Add(Stopwatch.GetElapsedTime(asked[lease.Job.Deployment]).TotalMilliseconds);
            }
        })).ToList();
        await Parallel.ForAsync(0, jobs, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (_, ct) =>
        {
            var job = new Job(StrongId.New<DeploymentId>(TimeProvider.System));
            asked[job.Deployment] = Stopwatch.GetTimestamp();
            await queue.EnqueueAsync(job, ct);
        });
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (done.Count < jobs && clock.Elapsed < TimeSpan.FromMinutes(5)) await look.WaitForNextTickAsync();
        var took = clock.Elapsed;
        await stop.CancelAsync();
        try
        {
            await Task.WhenAll(workers);
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }

        await provider.DisposeAsync();
        var sorted = waits.Order().ToArray();
        return $"| {kind} | {jobs / took.TotalSeconds:N0} | {sorted[sorted.Length / 2]:N0} ms | {sorted[sorted.Length * 99 / 100]:N0} ms | {jobs - done.Count} | {done.Values.Count(n => n > 1)} |";
    }
}
