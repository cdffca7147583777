using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Slipway.Core;
using Slipway.Core.BuildLogs;
using Slipway.Core.Deployments;
using Slipway.Core.Pipeline.Sourcing;
using Slipway.Core.Projects;
using Slipway.Core.Queueing;
using Slipway.Nats;
using Slipway.Testing;

namespace Queue.Bench;

/// <summary>One build's lines, from the writer in a worker to the log in PostgreSQL.</summary>
internal static class LineBench
{
    public static async Task<string> RunAsync(Servers servers, int lines)
    {
        var prefix = Servers.NewPrefix();
        await using var control = await servers.WithNatsAsync(await servers.StoreAsync(isPostgres: true), prefix);
        foreach (var part in control.GetServices<IHostedService>()) await part.StartAsync(CancellationToken.None);
        var project = (await control.GetRequiredService<IProjectStore>().CreateAsync(StoreSamples.Project(TimeProvider.System), CancellationToken.None)).Value;
        var d = (await control.GetRequiredService<IDeploymentStore>().CreateAsync(StoreSamples.Deployment(TimeProvider.System, project), CancellationToken.None)).Value;
        var log = control.GetRequiredService<IBuildLog>();

        await using var worker = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddSingleton<ISourceFetcher, NoSources>()
            .AddNatsLink(o => servers.Nats(o, prefix)).AddNatsWorker(Path.GetTempPath()).BuildServiceProvider();
        await worker.GetRequiredService<NatsStart>().WorkerAsync("bench", "bench", CancellationToken.None);
        var claims = worker.GetRequiredService<IBuildClaims>();
        var build = await claims.ClaimAsync(new Lease(new Job(d.Id), 1, "t", default), "bench", CancellationToken.None) ?? throw new InvalidOperationException("not claimed");

        var clock = Stopwatch.StartNew();
        var output = new BuildLogWriter(worker.GetRequiredService<IBuildLogSink>(), d.Id, 1, TimeProvider.System);
        for (var i = 0; i < lines; i++)
        {
            output.Line(BuildLogStream.Out, "build 1/1", $"{i,8} of a step that has much to say, and says it in lines of eighty characters...");
            if (i % 200 == 0) await output.CatchUpAsync(CancellationToken.None);
        }

        await output.DisposeAsync();
        var sent = clock.Elapsed;
        await claims.ReportAsync(build, new DeploymentFailed(1, new Failure("bench", "over"), new StageTimings()), CancellationToken.None);
        await claims.CloseAsync(build, CancellationToken.None);
        var seen = 0L;
        await foreach (var line in log.FollowAsync(d.Id, lines - 1, CancellationToken.None)) seen = line.Sequence;
        var stored = clock.Elapsed;
        foreach (var part in control.GetServices<IHostedService>()) await part.StopAsync(CancellationToken.None);
        return $"sent {lines / sent.TotalSeconds:N0} lines/s, stored to the last {lines / stored.TotalSeconds:N0} lines/s, the last is number {seen:N0}.";
    }

    private sealed class NoSources : ISourceFetcher
    {
        public Task<Outcome<SourceSnapshot>> FetchAsync(SourceRef source, string workDirectory, IBuildOutput output, CancellationToken ct) => throw new NotSupportedException();

        public Task<Outcome<HashSet<string>>> BranchesAsync(string url, CancellationToken ct) => throw new InvalidOperationException("nobody asks a worker");
    }
}
