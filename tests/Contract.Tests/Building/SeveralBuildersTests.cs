using BuildKit.Client;
using Slipway.BuildKit;
using Slipway.Contract.Tests.Engine;
using Slipway.Core;
using Slipway.Core.Pipeline.Building;
using Slipway.Testing.BuildKit;
using Slipway.Testing.Contracts;

namespace Slipway.Contract.Tests.Building;

/// <summary>Several BuildKits, each by a listener of its own before this machine's engine: a project keeps to one, leaves it while it is away, and comes back.</summary>
[Trait("needs", "engine")]
public sealed class SeveralBuildersTests(TestEngine engine) : IClassFixture<TestEngine>, IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bkpool").FullName;
    private readonly Dictionary<string, EngineBridge> _bridges = [];
    private BuildKitHarness? _harness;

    private string One => $"unix://{_folder}/one";

    private string Two => $"unix://{_folder}/two";

    private string Context => Path.Combine(_folder, "context");

    private BuildKitHarness Harness => _harness ?? throw new InvalidOperationException("not begun");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        Directory.CreateDirectory($"{Context}/bin");
        File.Copy("/bin/busybox", $"{Context}/bin/busybox");
        File.CreateSymbolicLink($"{Context}/bin/sh", "busybox");
        Come(One);
        Come(Two);
        _harness = new("FROM scratch\nENV PATH=/bin\nCOPY bin /bin/", engine.NewImageName, options =>
        {
            options.Address = One;
            options.Addresses.Add(Two);
            options.Exporter = "moby";
        });
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await Harness.DisposeAsync();
        foreach (var bridge in _bridges.Values) await bridge.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Each_project_keeps_to_its_own()
    {
        var (ofOne, ofTwo) = (KeyOf(One), KeyOf(Two));
        Assert.Equal(One, await BuiltByAsync(ofOne));
        Assert.Equal(0, _bridges[Two].Connections);
        Assert.Equal(Two, await BuiltByAsync(ofTwo));
        Assert.Equal(One, await BuiltByAsync(ofOne));
        Assert.Equal(Two, await BuiltByAsync(ofTwo));
    }

    [Fact]
    public async Task While_its_own_is_away_another_builds_and_afterwards_its_own_again()
    {
        var key = KeyOf(Two);
        Assert.Equal(Two, await BuiltByAsync(key));
        await GoAsync(Two);
        var (outcome, seen) = await BuildAsync(key);
        Assert.Null(outcome.Failure);
        Assert.Contains(seen.Texts, text => text.Contains($"the BuildKit at {Two}, where this project's cache is, does not answer", StringComparison.Ordinal));
        Assert.Contains(seen.Texts, text => text.Contains($"built by the BuildKit at {One}", StringComparison.Ordinal));
        // Others' builds are told nothing of it.
        var (_, others) = await BuildAsync(KeyOf(One));
        Assert.DoesNotContain(others.Texts, text => text.Contains("does not answer", StringComparison.Ordinal));

        Come(Two);
        Assert.Equal(Two, await BuiltByAsync(key));
    }

    [Fact]
    public async Task When_none_answers_the_platform_is_at_fault_and_each_is_named()
    {
        await GoAsync(One);
        await GoAsync(Two);
        var e = await Assert.ThrowsAsync<BuildKitConnectionException>(() => BuildAsync(KeyOf(One)));
        Assert.Contains(One, e.Message, StringComparison.Ordinal);
        Assert.Contains(Two, e.Message, StringComparison.Ordinal);
        Assert.Contains("Slipway:BuildKit:Addresses", e.Message, StringComparison.Ordinal);
    }

    private void Come(string address)
    {
        _bridges[address] = new EngineBridge();
        File.CreateSymbolicLink(new Uri(address).AbsolutePath, _bridges[address].UnixSocket);
    }

    private async Task GoAsync(string address)
    {
        await _bridges[address].DisposeAsync();
        _bridges.Remove(address);
        File.Delete(new Uri(address).AbsolutePath);
    }

    /// <summary>Of a project whose own builder that is.</summary>
    private Secret KeyOf(string address)
    {
        while (true)
        {
            var key = new Secret(Guid.NewGuid().ToString("N"));
            if (BuilderChoice.Order(BuildKitImageBuilder.SharedKey(key), [One, Two])[0] == address) return key;
        }
    }

    private async Task<string> BuiltByAsync(Secret key)
    {
        var (outcome, seen) = await BuildAsync(key);
        Assert.Null(outcome.Failure);
        return Assert.Single(new[] { One, Two }, address => seen.Texts.Any(text => text.StartsWith($"built by the BuildKit at {address}:", StringComparison.Ordinal)));
    }

    private async Task<(Outcome<BuiltImage> Outcome, BuildLines Seen)> BuildAsync(Secret key)
    {
        var seen = new BuildLines();
        var request = new BuildRequest
        {
            Deployment = StrongId.New<DeploymentId>(TimeProvider.System),
            Project = StrongId.New<ProjectId>(TimeProvider.System),
            ContextDirectory = Context,
            Dockerfile = Harness.Dockerfile("RUN echo hello"),
            ImageName = Harness.NewImageName(),
            CacheKey = key,
        };
        return (await Harness.Builder.BuildAsync(request, seen, Ct), seen);
    }
}
