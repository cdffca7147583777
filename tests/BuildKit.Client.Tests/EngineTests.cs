using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace BuildKit.Client.Tests;

/// <summary>Against the Docker Engine of this machine, on a base image of one static busybox.</summary>
[Trait("needs", "engine")]
public sealed class EngineTests : IAsyncLifetime
{
    private readonly string _root = Directory.CreateTempSubdirectory("bkengine").FullName;
    private readonly string _key = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
    private readonly BuildKitClient _client = new(BuildKitEndpoint.DockerEngine());

    public ValueTask InitializeAsync() => BusyboxBase.EnsureAsync();

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public async Task A_context_is_built_and_the_second_time_every_step_is_cached()
    {
        Write("hello.txt", "hello");
        Write("skip.log", "skip");
        Write(".dockerignore", "*.log\n");
        const string file = "COPY . /app/\nRUN cat /app/hello.txt && test ! -e /app/skip.log && echo done";
        var first = new Recorder();
        var one = await BuildAsync(file, first);
        Assert.StartsWith("sha256:", one.Digest, StringComparison.Ordinal);
        Assert.Contains("done", first.Lines.SelectMany(l => l.Split("hello")));
        var second = new Recorder();
        var two = await BuildAsync(file, second);
        Assert.Equal(one.Digest, two.Digest);
        Assert.Contains(second.Steps, s => s.State == BuildStepState.Cached && s.Name.Contains("RUN", StringComparison.Ordinal));

        Write("hello.txt", "changed");
        var third = new Recorder();
        Assert.NotEqual(one.Digest, (await BuildAsync(file, third)).Digest);
        Assert.Contains(third.Lines, l => l.Contains("changed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_secret_reaches_the_step_and_nothing_else()
    {
        var secret = Convert.ToHexString(RandomNumberGenerator.GetBytes(8));
        var seen = new Recorder();
        await BuildAsync("RUN --mount=type=secret,id=word,target=/run/word busybox sha256sum /run/word", seen, new() { ["word"] = Encoding.ASCII.GetBytes(secret) });
        Assert.Contains(seen.Lines, l => l.StartsWith(Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(secret))), StringComparison.Ordinal));
        Assert.DoesNotContain(seen.Lines.Concat(seen.Steps.Select(s => s.Name)), l => l.Contains(secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_missing_secret_that_is_required_fails_by_its_name()
    {
        var failure = await Assert.ThrowsAsync<BuildKitSolveException>(() => BuildAsync("RUN --mount=type=secret,id=word,required=true true", new Recorder()));
        Assert.Contains("word", failure.Message, StringComparison.Ordinal);
        Assert.Null(failure.ExitCode);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_read_fails_the_build_in_words_and_hangs_nothing()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var failure = await Assert.ThrowsAsync<BuildKitSolveException>(() => _client.BuildAsync(Options("COPY . /x", new UnreadableContext()), null, patience.Token));
        Assert.Contains(UnreadableContext.Words, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wildcard_copies_names_that_look_like_patterns()
    {
        Write("pages/[id].tsx", "dynamic");
        Write("pages/index.tsx", "plain");
        var seen = new Recorder();
        await BuildAsync("COPY pages/*.tsx /pages/\nRUN cat '/pages/[id].tsx' && echo .", seen);
        Assert.Contains("dynamic.", seen.Lines);
    }

    [Fact]
    public async Task Workers_and_cache_are_listed_and_pruned_by_id()
    {
        var ct = TestContext.Current.CancellationToken;
        Assert.NotEmpty(await _client.ListWorkersAsync(ct));
        // A cache mount, since an image's layers are in use as long as it is there.
        await BuildAsync($"RUN --mount=type=cache,id={_key},target=/cache echo {_key} > /cache/file", new Recorder());
        var mine = Assert.Single(await _client.DiskUsageAsync(ct), r => r.Type == "exec.cachemount" && r.Description.Contains(_key, StringComparison.Ordinal));

        var gone = await _client.PruneAsync(new() { Filters = [$"id=={mine.Id}"] }, ct);
        Assert.Equal([mine.Id], gone.Select(r => r.Id));
        Assert.DoesNotContain(await _client.DiskUsageAsync(ct), r => r.Id == mine.Id);
    }

    [Fact]
    public async Task A_failing_step_is_named_with_its_exit_code()
    {
        var seen = new Recorder();
        var failure = await Assert.ThrowsAsync<BuildKitSolveException>(() => BuildAsync("RUN echo before && exit 7", seen));
        Assert.Equal(7, failure.ExitCode);
        Assert.Contains("exit 7", failure.Step, StringComparison.Ordinal);
        Assert.Contains("before", seen.Lines);
    }

    [Fact]
    public async Task A_Dockerfile_that_does_not_parse_is_told_at_once()
    {
        var clock = Stopwatch.StartNew();
        var failure = await Assert.ThrowsAsync<BuildKitSolveException>(() => BuildAsync("NONSENSE here", new Recorder()));
        Assert.Contains("NONSENSE", failure.Message, StringComparison.OrdinalIgnoreCase);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"took {clock.Elapsed}");
    }

    [Fact]
    public async Task Cancelling_stops_the_running_step()
    {
        using var cancel = new CancellationTokenSource();
        var started = new TaskCompletionSource();
        var seen = new Recorder { OnStep = s => { if (s.State == BuildStepState.Running && s.Name.Contains("sleep", StringComparison.Ordinal)) started.TrySetResult(); } };
        var mark = RandomNumberGenerator.GetInt32(100_000, 999_999);
        var build = BuildAsync($"RUN sleep {mark}", seen, ct: cancel.Token);
        await started.Task.WaitAsync(TimeSpan.FromSeconds(60));
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => build.WaitAsync(TimeSpan.FromSeconds(10)));
        var clock = Stopwatch.StartNew();
        while (RunningCommands.Any($"sleep {mark}") && clock.Elapsed < TimeSpan.FromSeconds(5)) await Task.Yield();
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(2), $"the step ran on for {clock.Elapsed}");
    }

    [Fact]
    public async Task Three_hundred_ignore_patterns_and_two_thousand_files_pass()
    {
        Write(".dockerignore", string.Join('\n', Enumerable.Range(0, 300).Select(i => $"ignored/{i}/**/*.tmp")));
        for (var i = 0; i < 2000; i++) Write($"files/{i % 40}/{i}.txt", $"{i}");
        var seen = new Recorder();
        await BuildAsync("COPY files /files\nRUN test \"$(cat /files/39/1999.txt)\" = 1999 && echo all here", seen);
        Assert.Contains("all here", seen.Lines);
    }

    [Fact]
    public async Task An_engine_that_is_not_there_is_told_as_such()
    {
        await using var nowhere = new BuildKitClient(BuildKitEndpoint.DockerEngine("/nowhere/docker.sock"));
        var failure = await Assert.ThrowsAsync<BuildKitConnectionException>(() => nowhere.ListWorkersAsync(TestContext.Current.CancellationToken));
        Assert.Contains("/nowhere/docker.sock", failure.Message, StringComparison.Ordinal);
    }

    private Task<BuildResult> BuildAsync(string file, Recorder seen, Dictionary<string, byte[]>? secrets = null, CancellationToken ct = default) =>
        _client.BuildAsync(Options(file, new DirectoryContext(_root)) with { Secrets = secrets ?? [] }, seen.Tell, ct);

    // The argument makes every step of this run new to the cache, so that it prints its lines again.
    private BuildOptions Options(string file, IContextSource context) => new()
    {
        Context = context,
        Dockerfile = MemoryContext.Dockerfile($"FROM {BusyboxBase.Name}\nARG RUN_OF_TESTS={_key}\n{file}\n"),
        SharedKey = _key,
    };

    private void Write(string path, string text)
    {
        var full = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full) ?? _root);
        File.WriteAllText(full, text);
    }

    private sealed class UnreadableContext : IContextSource
    {
        public const string Words = "the folder is on fire";

        public IReadOnlyList<ContextEntry> List(string directory) => throw new UnauthorizedAccessException(Words);

        public ContextEntry? Find(string path) => null;

        public Stream Open(string path) => throw new UnauthorizedAccessException(Words);
    }
}
