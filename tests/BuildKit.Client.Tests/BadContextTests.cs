using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace BuildKit.Client.Tests;

/// <summary>Folders as they are met: what cannot be read, is no file, or does not stay as it was. On the real engine.</summary>
[Trait("needs", "engine")]
public sealed class BadContextTests : IAsyncLifetime
{
    private readonly string _root = Directory.CreateTempSubdirectory("bkbad").FullName;
    private readonly BuildKitClient _client = new(BuildKitEndpoint.DockerEngine());

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => BusyboxBase.EnsureAsync();

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public async Task Sockets_and_fifos_hinder_nothing_and_are_never_opened()
    {
        await File.WriteAllTextAsync($"{_root}/file", "here", Ct);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint($"{_root}/socket"));
        await RunAsync("mkfifo", $"{_root}/fifo");

        // The daemon gets the fifo and leaves it out of the copy, whoever sends it.
        var seen = await BuildAsync(new DirectoryContext(_root), "COPY . /c/\nRUN test ! -e /c/socket && test -f /c/file && echo as it should be");

        Assert.Contains("as it should be", seen.Lines);
    }

    [Fact]
    public Task A_file_that_vanishes_after_it_was_listed_fails_the_build_by_its_name() => FailsAsync(path => File.Delete($"{_root}/{path}"), "moving", "find");

    [Theory]
    [InlineData(10)]
    [InlineData(300_000)]
    public Task A_file_that_changes_while_it_is_sent_fails_the_build_by_its_name(int size) => FailsAsync(path => File.WriteAllBytes($"{_root}/{path}", new byte[size]), "moving", "changed while");

    [Fact]
    public Task A_file_that_cannot_be_read_fails_the_build_by_its_name() => FailsAsync(path => throw new UnauthorizedAccessException($"Access to {path} is denied."), "moving", "denied");

    private async Task FailsAsync(Action<string> meddle, params string[] words)
    {
        await File.WriteAllBytesAsync($"{_root}/moving", new byte[100_000], Ct);
        await File.WriteAllTextAsync($"{_root}/quiet", "quiet", Ct);

        var failure = await Assert.ThrowsAsync<BuildKitSolveException>(() => BuildAsync(new Meddled(new DirectoryContext(_root), path => { if (path == "moving") meddle(path); }), "COPY . /c/"));

        foreach (var word in words) Assert.Contains(word, failure.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    [Trait("speed", "slow")]
    public async Task Two_hundred_thousand_files_are_sent_once_and_then_only_what_changed()
    {
        const int count = 200_000;
        for (var folder = 0; folder < 200; folder++)
        {
            Directory.CreateDirectory($"{_root}/{folder}");
            for (var i = 0; i < count / 200; i++) await File.WriteAllTextAsync($"{_root}/{folder}/{i}", $"{folder}/{i}", Ct);
        }

        var opened = 0;
        var context = new Meddled(new DirectoryContext(_root), _ => Interlocked.Increment(ref opened));
        const string file = "COPY . /c/\nRUN test \"$(cat /c/199/999)\" = 199/999 && echo the last is there";
        var key = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        Assert.Contains("the last is there", (await BuildAsync(context, file, key)).Lines);
        Assert.Equal(count, opened);

        opened = 0;
        await File.WriteAllTextAsync($"{_root}/7/7", "changed", Ct);
        await BuildAsync(context, file, key);
        Assert.Equal(1, opened);
        Assert.InRange(Process.GetCurrentProcess().PeakWorkingSet64, 0, 900L << 20);
    }

    private async Task<Recorder> BuildAsync(IContextSource context, string file, string? key = null)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(TimeSpan.FromMinutes(8));
        var seen = new Recorder();
        key ??= Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        await _client.BuildAsync(
            new() { Context = context, Dockerfile = MemoryContext.Dockerfile($"FROM {BusyboxBase.Name}\nARG RUN_OF_TESTS={key}\n{file}\n"), SharedKey = key },
            seen.Tell, patience.Token);
        return seen;
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync(Ct);
        Assert.Equal(0, process.ExitCode);
    }

    /// <summary>Something happens to a file between its listing and its opening.</summary>
    private sealed class Meddled(IContextSource inner, Action<string> beforeOpen) : IContextSource
    {
        public IReadOnlyList<ContextEntry> List(string directory) => inner.List(directory);

        public ContextEntry? Find(string path) => inner.Find(path);

        public Stream Open(string path)
        {
            beforeOpen(path);
            return inner.Open(path);
        }
    }
}
