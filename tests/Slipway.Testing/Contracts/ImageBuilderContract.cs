using System.Diagnostics;
using Slipway.Core;
using Slipway.Core.BuildLogs;
using Slipway.Core.Pipeline.Building;

namespace Slipway.Testing.Contracts;

/// <summary>What every builder must do, whatever it builds with.</summary>
public abstract class ImageBuilderContract : IAsyncLifetime
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    private readonly string _context = Directory.CreateTempSubdirectory("slipway-context-").FullName;

    protected abstract ImageBuilderHarness Harness { get; }

    protected string Context => _context;

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    public abstract ValueTask InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Harness.DisposeAsync();
        Directory.Delete(_context, recursive: true);
    }

    [Fact]
    public async Task A_build_tells_its_lines_under_their_step_and_gives_the_image_its_name()
    {
        var request = Request(BuildKind.Prints);
        var (outcome, seen) = await BuildAsync(request);

        Assert.Equal(request.ImageName, outcome.Value.Name);
        Assert.Matches("^sha256:[0-9a-f]{64}$", outcome.Value.Digest);
        var line = Assert.Single(seen.All, line => line.Text == "hello from the step");
        Assert.NotNull(line.Step);
        Assert.Equal(BuildLogStream.Out, line.Stream);
    }

    [Fact]
    public async Task The_same_request_again_gives_the_same_image()
    {
        var request = Request(BuildKind.Prints);
        var (first, _) = await BuildAsync(request);
        var (second, _) = await BuildAsync(request with { Deployment = StrongId.New<DeploymentId>(TimeProvider.System), ImageName = Harness.NewImageName() });
        Assert.Equal(first.Value.Digest, second.Value.Digest);
    }

    [Fact]
    public async Task A_failing_step_is_a_failure_with_its_name_and_exit_code()
    {
        var (outcome, seen) = await BuildAsync(Request(BuildKind.Fails));

        Assert.True(outcome.IsFailure(out var failure));
        Assert.Equal(("build.step_failed", 7), (failure.Code, failure.ExitCode));
        Assert.False(string.IsNullOrEmpty(failure.Step));
        Assert.Contains("about to fail", seen.Texts);
    }

    [Fact]
    public async Task A_base_that_cannot_be_had_is_a_failure_that_names_it()
    {
        var (outcome, _) = await BuildAsync(Request(BuildKind.HasNoBase));

        Assert.True(outcome.IsFailure(out var failure));
        Assert.Equal("build.base_unavailable", failure.Code);
        Assert.Contains(ImageBuilderHarness.MissingBase, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Dockerfile_that_does_not_parse_is_a_failure_that_says_where()
    {
        var (outcome, _) = await BuildAsync(Request(BuildKind.Invalid));

        Assert.True(outcome.IsFailure(out var failure));
        Assert.Equal("build.dockerfile_invalid", failure.Code);
        Assert.Contains("line 3, column 4", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_frontend_that_cannot_be_had_is_a_failure_that_names_it()
    {
        var (outcome, _) = await BuildAsync(Request(BuildKind.HasNoFrontend));

        Assert.True(outcome.IsFailure(out var failure));
        Assert.Equal("build.frontend_unavailable", failure.Code);
        Assert.Contains(ImageBuilderHarness.MissingFrontend, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_known_frontend_that_cannot_be_had_gives_way_to_the_builders_own_and_the_log_says_so()
    {
        var (outcome, seen) = await BuildAsync(Request(BuildKind.HasNoKnownFrontend));

        Assert.False(outcome.IsFailure(out _));
        Assert.Contains("hello from the step", seen.Texts);
        Assert.Contains(seen.All, line => line.Stream == BuildLogStream.System && line.Text.Contains(ImageBuilderHarness.MissingKnownFrontend, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_secret_reaches_its_step_and_no_line()
    {
        const string word = "a word that nobody may see";
        var (outcome, seen) = await BuildAsync(Request(BuildKind.TakesSecret) with { Secrets = new Dictionary<string, byte[]> { ["word"] = [.. "a word that nobody may see"u8] } });

        Assert.False(outcome.IsFailure(out _));
        Assert.Contains("got the word", seen.Texts);
        Assert.DoesNotContain(seen.All, line => $"{line.Step} {line.Text}".Contains(word, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Cancelling_stops_the_build_within_two_seconds()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var seen = new BuildLines();
        var build = Harness.Builder.BuildAsync(Request(BuildKind.Hangs), seen, cancel.Token);
        await seen.SeenAsync("begun").WaitAsync(_patience, Ct);

        var clock = Stopwatch.StartNew();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => build.WaitAsync(_patience, Ct));

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    protected BuildRequest Request(BuildKind kind) => Request(Harness.DockerfileOf(kind));

    protected BuildRequest Request(string dockerfile) => new()
    {
        Deployment = StrongId.New<DeploymentId>(TimeProvider.System),
        Project = StrongId.New<ProjectId>(TimeProvider.System),
        ContextDirectory = _context,
        Dockerfile = dockerfile,
        ImageName = Harness.NewImageName(),
        CacheKey = new Secret(Guid.NewGuid().ToString("N")),
    };

    protected async Task<(Outcome<BuiltImage> Outcome, BuildLines Seen)> BuildAsync(BuildRequest request)
    {
        var seen = new BuildLines();
        return (await Harness.Builder.BuildAsync(request, seen, Ct).WaitAsync(_patience, Ct), seen);
    }
}
