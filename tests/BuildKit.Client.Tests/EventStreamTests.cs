using System.Diagnostics;
using System.Security.Cryptography;
using Slipway.Testing.BuildKit;

namespace BuildKit.Client.Tests;

/// <summary>What a build tells, and what its reader may do; on the installed engine and on the newest that Debian ships.</summary>
[Trait("needs", "engine")]
[Trait("needs", "engine-new")]
public sealed class EventStreamTests(NewEngine newest) : IClassFixture<NewEngine>, IAsyncLifetime
{
    private readonly string _root = Directory.CreateTempSubdirectory("bkevents").FullName;
    private readonly string _key = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Engines => ["installed", "newest"];

    public ValueTask InitializeAsync()
    {
        Directory.CreateDirectory($"{_root}/bin");
        File.Copy("/bin/busybox", $"{_root}/bin/busybox");
        foreach (var name in new[] { "sh", "sleep", "cat" }) File.CreateSymbolicLink($"{_root}/bin/{name}", "busybox");
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_root, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_step_is_told_with_its_times_its_inputs_and_its_bytes_and_later_as_cached(string engine)
    {
        await using var client = Client(engine);
        var first = await ReadAsync(client, "RUN printf '\\033[1mten\\033[0m\\n10%%\\r20%%\\r30%%\\n'");

        var copy = Last(first, "COPY");
        var run = Last(first, "RUN");
        Assert.Equal(BuildStepState.Done, run.State);
        Assert.Contains(copy.Digest, run.Inputs);
        Assert.True(run is { Started: { } from, Finished: { } to, Duration: { } took } && from <= to && took <= to - from + TimeSpan.FromMilliseconds(1));
        Assert.Equal("\e[1mten\e[0m\n10%\r20%\r30%\n"u8.ToArray(), first.OfType<StepOutput>().SelectMany(o => o.Bytes.ToArray()).ToArray());
        Assert.IsType<BuildCompleted>(first[^1]);
        var folded = new StepLines();
        Assert.Equal(["\e[1mten\e[0m", "30%"], first.SelectMany(folded.Add).Select(l => l.Text));

        var second = await ReadAsync(client, "RUN printf '\\033[1mten\\033[0m\\n10%%\\r20%%\\r30%%\\n'");
        Assert.True(Last(second, "RUN").IsCached);
        Assert.Empty(second.OfType<StepOutput>());
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Leaving_the_loop_stops_the_running_step(string engine)
    {
        await using var client = Client(engine);
        var mark = RandomNumberGenerator.GetInt32(100_000, 999_999);
        await foreach (var happened in client.SolveAsync(Options($"RUN echo begun && sleep {mark}"), Ct))
        {
            if (happened is StepOutput) break;
        }

        var clock = Stopwatch.StartNew();
        while (RunningCommands.Any($"sleep {mark}") && clock.Elapsed < TimeSpan.FromSeconds(5)) await Task.Yield();
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(2), $"the step ran on for {clock.Elapsed}");
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_slow_reader_misses_nothing(string engine)
    {
        await using var client = Client(engine);
        var (lines, count) = (new StepLines(), 0);
        using var pause = new SemaphoreSlim(0);
        // More events than are queued, the first of them held for longer than the silence that ends a build's status.
        await foreach (var happened in client.SolveAsync(Options("RUN for i in $(busybox seq 1500); do echo $i; busybox usleep 300; done"), Ct))
        {
            if (happened is StepOutput && count == 0) await pause.WaitAsync(TimeSpan.FromSeconds(7), Ct);
            foreach (var line in lines.Add(happened)) Assert.Equal($"{++count}", line.Text);
        }

        Assert.Equal(1500, count);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_failed_step_and_a_broken_Dockerfile_are_told_with_their_place(string engine)
    {
        await using var client = Client(engine);
        var step = await Assert.ThrowsAsync<BuildKitSolveException>(() => ReadAsync(client, "RUN exit 7"));
        Assert.Equal((7, false), (step.ExitCode, step.IsDockerfileInvalid));
        Assert.Contains("exit 7", step.Step, StringComparison.Ordinal);
        // 20.10 tells no place of a step.
        Assert.Equal(engine == "newest" ? "Dockerfile:5:5" : null, step.Location?.ToString());

        var broken = await Assert.ThrowsAsync<BuildKitSolveException>(() => ReadAsync(client, "  NONSENSE here"));
        Assert.Equal(("Dockerfile:5:3", "  NONSENSE here", true), (broken.Location?.ToString(), broken.Location?.Text, broken.IsDockerfileInvalid));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_daemon_tells_its_workers_and_what_it_is_if_it_knows_the_question(string engine)
    {
        await using var client = Client(engine);
        Assert.Contains("linux/amd64", Assert.Single(await client.ListWorkersAsync(Ct)).Platforms);
        Assert.Equal(engine == "newest" ? "github.com/moby/buildkit" : null, (await client.InfoAsync(Ct))?.Package);
    }

    private BuildKitClient Client(string engine)
    {
        if (engine == "newest") newest.Require();
        return new BuildKitClient(BuildKitEndpoint.DockerEngine(engine == "newest" ? newest.Socket : "/var/run/docker.sock"));
    }

    private async Task<List<BuildEvent>> ReadAsync(BuildKitClient client, string line)
    {
        var all = new List<BuildEvent>();
        await foreach (var happened in client.SolveAsync(Options(line), Ct)) all.Add(happened);
        return all;
    }

    private BuildOptions Options(string line) => new()
    {
        Context = new DirectoryContext(_root),
        Dockerfile = MemoryContext.Dockerfile($"FROM scratch\nENV PATH=/bin\nCOPY bin /bin/\nARG RUN_OF_TESTS={_key}\n{line}\n"),
        SharedKey = _key,
    };

    private static BuildStep Last(List<BuildEvent> all, string word) => all.OfType<StepChanged>().Last(c => !c.Step.IsInternal && c.Step.Name.Contains(word, StringComparison.Ordinal)).Step;
}
