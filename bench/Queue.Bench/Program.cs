using Queue.Bench;
using Slipway.Core.Tenancy;

// queue-bench [JOBS] [LINES]: jobs through four workers, embedded and by JetStream in turn; then lines over NATS into PostgreSQL.
// Starts its own nats-server and PostgreSQL. Prints a section for bench/RESULTS.md.
var jobs = args.Length > 0 ? int.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture) : 10_000;
var lines = args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : 1_000_000;
using var system = TeamScope.EnterSystem();
await using var servers = await Servers.StartAsync();

Console.WriteLine($"{jobs:N0} jobs through 4 workers (connections of their own; the stub takes no time), each row one run:\n\n| queue | jobs/s | enqueued → completed p50 | p99 | lost | doubled |\n|---|---|---|---|---|---|");
for (var round = 0; round < 3; round++)
{
    foreach (var queue in new[] { "SQLite", "PostgreSQL", "JetStream" }) Console.WriteLine(await JobBench.RunAsync(servers, queue, jobs));
}

// The first finds nothing compiled.
Console.WriteLine($"\n{lines:N0} lines of 80 characters of one build, from the writer in a worker over NATS into PostgreSQL, three runs of one process:\n");
for (var round = 0; round < 3; round++) Console.WriteLine($"- {await LineBench.RunAsync(servers, lines)}");
