using System.Diagnostics;
using System.Formats.Tar;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace BuildKit.Client.Tests;

/// <summary>Against the Docker Engine of this machine, on a base image of one static busybox.</summary>
[Trait("needs", "engine")]
public sealed class EngineTests : IAsyncLifetime
{
    private const string Base = "buildkit-client-test:busybox";
    private readonly string _root = Directory.CreateTempSubdirectory("bkengine").FullName;
    private readonly string _key = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
    private readonly BuildKitClient _client = new(BuildKitEndpoint.DockerEngine());

    public async ValueTask InitializeAsync()
    {
        Assert.True(File.Exists("/bin/busybox"), "these tests need the Debian package busybox-static; ./test installs it");
        using var http = Engine();
        if ((await http.GetAsync($"/images/{Base}/json")).IsSuccessStatusCode) return;
        using var tar = new MemoryStream();
        await using (var writer = new TarWriter(tar, leaveOpen: true))
        {
            await writer.WriteEntryAsync("/bin/busybox", "bin/busybox");
            foreach (var name in new[] { "sh", "cat", "echo", "sleep", "ls", "test", "date" })
            {
                await writer.WriteEntryAsync(new PaxTarEntry(TarEntryType.SymbolicLink, $"bin/{name}") { LinkName = "busybox" });
            }
        }

        tar.Position = 0;
        (await http.PostAsync($"/images/create?fromSrc=-&repo=buildkit-client-test&tag=busybox", new StreamContent(tar))).EnsureSuccessStatusCode();
    }

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
        await BuildAsync("RUN --mount=type=secret,id=word,target=/run/word test -s /run/word && echo got it", seen, new() { ["word"] = Encoding.ASCII.GetBytes(secret) });
        Assert.Contains("got it", seen.Lines);
        Assert.DoesNotContain(seen.Lines.Concat(seen.Steps.Select(s => s.Name)), l => l.Contains(secret, StringComparison.Ordinal));
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
        while (IsRunning(mark) && clock.Elapsed < TimeSpan.FromSeconds(5)) await Task.Yield();
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

    private Task<BuildResult> BuildAsync(string file, Recorder seen, Dictionary<string, byte[]>? secrets = null, CancellationToken ct = default) => _client.BuildAsync(new BuildOptions
    {
        Context = new DirectoryContext(_root),
        Dockerfile = MemoryContext.Dockerfile($"FROM {Base}\n{file}\n"),
        SharedKey = _key,
        Secrets = secrets ?? [],
    }, seen, ct);

    private void Write(string path, string text)
    {
        var full = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full) ?? _root);
        File.WriteAllText(full, text);
    }

    private static bool IsRunning(int mark) => Directory.EnumerateDirectories("/proc").Any(p =>
    {
        try
        {
            return int.TryParse(Path.GetFileName(p), out _) && File.ReadAllText($"{p}/cmdline").Replace('\0', ' ').Contains($"sleep {mark}", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    });

    private static HttpClient Engine() => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, ct) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint("/var/run/docker.sock"), ct);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    { BaseAddress = new Uri("http://docker") };
}
