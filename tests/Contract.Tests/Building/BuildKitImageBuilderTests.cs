using System.Text;
using BuildKit.Client;
using Slipway.Contract.Tests.Engine;
using Slipway.Testing.Contracts;

namespace Slipway.Contract.Tests.Building;

/// <summary>The contract on the engine's own BuildKit, and what only a real one can show.</summary>
[Trait("needs", "engine")]
public sealed class BuildKitImageBuilderTests(TestEngine engine) : ImageBuilderContract, IClassFixture<TestEngine>
{
    private BuildKitHarness? _harness;
    private string _base = "";

    protected override ImageBuilderHarness Harness => Real;

    private BuildKitHarness Real => _harness ?? throw new InvalidOperationException("not begun");

    public override async ValueTask InitializeAsync()
    {
        _base = engine.NewImageName();
        await engine.ImportAsync(_base, "ENV PATH=/bin");
        _harness = BuildKitHarness.On(engine, _base);
    }

    [Fact]
    public async Task A_second_build_says_what_is_cached()
    {
        var request = Request(BuildKind.Prints);
        await BuildAsync(request);
        var (_, seen) = await BuildAsync(request);

        Assert.Contains(seen.Texts, text => text.Contains("RUN echo hello", StringComparison.Ordinal) && text.EndsWith("cached", StringComparison.Ordinal));
        Assert.DoesNotContain("hello from the step", seen.Texts);
    }

    [Fact]
    public async Task What_Nixpacks_writes_gets_its_variables()
    {
        // The lines that Nixpacks writes between its own and the phases.
        var request = Request(Real.Dockerfile("WORKDIR /app/\nARG CI GREETING\nENV CI=$CI GREETING=$GREETING\n\n# build phase\nCOPY . /app/.\nRUN --mount=type=cache,id=nixpacks-/root/npm,target=/root/.npm echo \"$CI, $GREETING\"\n\n# start\nCOPY . /app\nCMD [\"npm run start\"]\nUSER root")) with
        {
            BuildArgs = new Dictionary<string, string> { ["CI"] = "true", ["GREETING"] = "good day" },
        };
        var (_, seen) = await BuildAsync(request);
        Assert.Contains("true, good day", seen.Texts);
        var image = await engine.Client.Images.InspectImageAsync(request.ImageName, Ct);
        Assert.Contains("GREETING=good day", image.Config?.Env ?? []);
        Assert.Equal("root", image.Config?.User);
    }

    [Fact]
    public async Task A_frontend_that_a_plan_needs_and_nobody_has_is_named_with_the_setting()
    {
        var (outcome, _) = await BuildAsync(Request("{}") with { Frontend = "registry.invalid/railpack-frontend" });
        Assert.Equal("build.frontend_unavailable", outcome.Failure?.Code);
        Assert.Contains("registry.invalid/railpack-frontend", outcome.Failure?.Message, StringComparison.Ordinal);
        Assert.Contains("RailpackFrontend", outcome.Failure?.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_is_in_no_layer_and_in_no_history()
    {
        const string secret = "sesame-sesame-sesame";
        var request = Request(Real.Dockerfile("RUN --mount=type=secret,id=word busybox wc -c < /run/secrets/word > /length\nCOPY marker /marker")) with
        {
            Secrets = new Dictionary<string, byte[]> { ["word"] = Encoding.ASCII.GetBytes(secret) },
        };
        await File.WriteAllTextAsync($"{Context}/marker", "this is in a layer", Ct);
        var (outcome, _) = await BuildAsync(request);

        var saved = new MemoryStream();
        await using (var image = await engine.Client.Images.SaveImageAsync(outcome.Value.Name, Ct)) await image.CopyToAsync(saved, Ct);
        Assert.True(Contains(saved, "this is in a layer"), "the layers could be searched");
        Assert.False(Contains(saved, secret), "the secret is in the image");
    }

    [Fact]
    public async Task Arguments_reach_the_steps_and_labels_the_image()
    {
        var request = Request(Real.Dockerfile("ARG GREETING\nRUN echo $GREETING")) with
        {
            BuildArgs = new Dictionary<string, string> { ["GREETING"] = "good morning" },
            Labels = new Dictionary<string, string> { ["slipway.test"] = "labelled" },
        };
        var (outcome, seen) = await BuildAsync(request);

        Assert.Contains("good morning", seen.Texts);
        var image = await engine.Client.Images.InspectImageAsync(request.ImageName, Ct);
        Assert.Equal(outcome.Value.Digest, image.ID);
        Assert.Equal("labelled", image.Config?.Labels?["slipway.test"]);
    }

    [Theory]
    [InlineData(null, "kept.md")]
    [InlineData("*.md\n", "kept.log")]
    public async Task The_contexts_own_ignore_file_counts_unless_the_request_has_one(string? ignore, string kept)
    {
        foreach (var name in new[] { "kept.md", "kept.log" }) await File.WriteAllTextAsync($"{Context}/{name}", name, Ct);
        await File.WriteAllTextAsync($"{Context}/.dockerignore", "*.log\n", Ct);
        var (_, seen) = await BuildAsync(Request(Real.Dockerfile("COPY . /app/\nRUN cd /app && echo kept.*")) with { DockerIgnore = ignore });

        Assert.Contains(kept, seen.Texts);
    }

    [Fact]
    public async Task The_persons_own_Dockerfile_in_the_context_is_not_the_one_that_is_built()
    {
        await File.WriteAllTextAsync($"{Context}/Dockerfile", "NONSENSE", Ct);
        var (outcome, _) = await BuildAsync(Request(BuildKind.Prints));

        Assert.False(outcome.IsFailure(out _));
        Assert.Equal("NONSENSE", await File.ReadAllTextAsync($"{Context}/Dockerfile", Ct));
    }

    [Fact]
    public async Task A_file_that_is_not_there_to_copy_is_told_by_its_name()
    {
        var (outcome, _) = await BuildAsync(Request(Real.Dockerfile("COPY missing.json /app/")));

        Assert.True(outcome.IsFailure(out var failure));
        Assert.Equal("build.step_failed", failure.Code);
        Assert.Contains("missing.json", failure.Message, StringComparison.Ordinal);
        Assert.Null(failure.ExitCode);
    }

    [Fact]
    public async Task An_engine_that_does_not_answer_is_nobodys_failure_but_an_exception()
    {
        await using var nowhere = BuildKitHarness.On(engine, _base, "/nowhere/docker.sock");
        await Assert.ThrowsAsync<BuildKitConnectionException>(() => nowhere.Builder.BuildAsync(Request(BuildKind.Prints), new BuildLines(), Ct));
    }

    private static bool Contains(MemoryStream stream, string text) => stream.GetBuffer().AsSpan(0, (int)stream.Length).IndexOf(Encoding.ASCII.GetBytes(text)) >= 0;
}
