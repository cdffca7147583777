using BuildKit.Client;
using Microsoft.Extensions.Options;
using Slipway.BuildKit;
using Slipway.Contract.Tests.Shipping;
using Slipway.Core;
using Slipway.Core.Pipeline.Building;
using Slipway.Core.Pipeline.Shipping;
using Slipway.Testing.BuildKit;
using Slipway.Testing.Contracts;
using Slipway.Testing.Hosting;

namespace Slipway.Contract.Tests.Building;

/// <summary>Images and cache into a real registry, by builders that can and by one that cannot.</summary>
[Trait("needs", "engine")]
[Trait("needs", "engine-new")]
public sealed class RegistryPushTests(NewEngine newest, RegistryFixture registry) : IClassFixture<NewEngine>, IClassFixture<RegistryFixture>, IDisposable
{
    private readonly string _context = Directory.CreateTempSubdirectory("slipway-context-").FullName;
    private readonly string _mark = Guid.NewGuid().ToString("N");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_context, recursive: true);

    [Fact]
    public async Task Builder_that_can_pushes_and_finds_its_cache_again_when_its_own_is_gone()
    {
        newest.Require();
        var endpoint = BuildKitEndpoint.DockerEngine(newest.Socket);
        await using var client = new BuildKitClient(endpoint);
        var request = Request();
        var (first, said) = await BuildAsync(client, request);
        Assert.DoesNotContain(said, text => text.Contains("RUN", StringComparison.Ordinal) && text.EndsWith("cached", StringComparison.Ordinal));
        Assert.True(await registry.HasAsync(Repository, first.Digest));
        Assert.True(await registry.HasAsync($"{Repository}/cache", "cache"));

        await HostTool.RunAsync("docker", "-H", $"unix://{newest.Socket}", "image", "rm", request.ImageName);
        var gone = await client.PruneAsync(new PruneOptions { Filters = [$"description~={_mark}"], All = true }, Ct);
        Assert.NotEmpty(gone);

        var (second, again) = await BuildAsync(client, request with { Deployment = StrongId.New<DeploymentId>(TimeProvider.System), ImageName = $"{registry.Server.Address}/{Repository}:two" });
        Assert.Contains(again, text => text.StartsWith('✓') && text.EndsWith("cached", StringComparison.Ordinal));
        Assert.DoesNotContain(again, text => text == $"line of {_mark}");
        Assert.True(await registry.HasAsync(Repository, second.Digest));
    }

    [Fact]
    public async Task Builder_that_pushes_with_a_wrong_password_fails_by_the_name_of_the_settings()
    {
        newest.Require();
        await using var client = new BuildKitClient(BuildKitEndpoint.DockerEngine(newest.Socket));
        var (outcome, _) = await TryAsync(client, Request(), "moby", "another");
        Assert.Equal("ship.denied", outcome.Failure?.Code);
        Assert.Contains("Slipway:Registry:PasswordFile", outcome.Failure?.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Standalone_builder_pushes_what_no_engine_has()
    {
        var host = Environment.GetEnvironmentVariable("BUILDKIT_HOST") ?? "";
        Assert.SkipUnless(host.StartsWith("unix://", StringComparison.Ordinal), "BUILDKIT_HOST names no buildkitd's socket.");
        await using var client = new BuildKitClient(BuildKitEndpoint.Parse(host, null));
        var (built, _) = await BuildAsync(client, Request(), "image");
        Assert.True(await registry.HasAsync(Repository, built.Digest));
        Assert.True(await registry.HasAsync($"{Repository}/cache", "cache"));
    }

    [Fact]
    public async Task Builder_that_cannot_says_so_and_leaves_the_image_to_be_pushed()
    {
        await using var client = new BuildKitClient(BuildKitEndpoint.DockerEngine("/var/run/docker.sock"));
        var (built, said) = await BuildAsync(client, Request());
        Assert.Contains(said, text => text.StartsWith("this builder cannot keep its cache in a registry", StringComparison.Ordinal));
        Assert.False(await registry.HasAsync(Repository, "one"));
        await HostTool.RunAsync("docker", "image", "rm", built.Name);
    }

    private string Repository => $"slipway-0123abcd/app-{_mark[..8]}";

    private BuildRequest Request()
    {
        Directory.CreateDirectory($"{_context}/bin");
        File.Copy("/bin/busybox", $"{_context}/bin/busybox");
        File.CreateSymbolicLink($"{_context}/bin/sh", "busybox");
        return new BuildRequest
        {
            Deployment = StrongId.New<DeploymentId>(TimeProvider.System),
            Project = StrongId.New<ProjectId>(TimeProvider.System),
            ContextDirectory = _context,
            Dockerfile = $"FROM scratch AS one\nENV PATH=/bin\nCOPY bin /bin/\nRUN echo line of {_mark}\nFROM scratch\nCOPY --from=one /bin/sh /sh\n",
            ImageName = $"{registry.Server.Address}/{Repository}:one",
            CacheImage = $"{registry.Server.Address}/{Repository}/cache:cache",
            CacheKey = new Secret(_mark),
        };
    }

    private async Task<(BuiltImage Image, IReadOnlyList<string> Said)> BuildAsync(BuildKitClient client, BuildRequest request, string exporter = "moby")
    {
        var (built, said) = await TryAsync(client, request, exporter, RegistryServer.Password);
        Assert.False(built.IsFailure(out var failure), $"{failure?.Message}\n{string.Join('\n', said)}");
        return (built.Value, said);
    }

    private async Task<(Outcome<BuiltImage> Outcome, IReadOnlyList<string> Said)> TryAsync(BuildKitClient client, BuildRequest request, string exporter, string password)
    {
        var server = registry.Server;
        var login = new RegistryLogin(server.Address, RegistryServer.Username, new Secret(password));
        var options = new BuildKitOptions { Exporter = exporter, Push = new RegistryTarget(server.Address, server.Address, () => login, IsPlain: true, KeepsCache: true) };
        var lines = new BuildLines();
        var built = await new BuildKitImageBuilder(new BuilderPool([new Builder("", client)], TimeProvider.System), Options.Create(options)).BuildAsync(request, lines, Ct);
        return (built, [.. lines.Texts]);
    }
}
