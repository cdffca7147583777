using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Core.Pipeline.Building;
using Slipway.Core.Pipeline.Shipping;
using Slipway.Registry;
using Slipway.Testing.Contracts;
using Slipway.Testing.Hosting;
using Slipway.Testing.InMemory;

namespace Slipway.Contract.Tests.Shipping;

/// <summary>A real registry that asks for a password; images come to it as from a builder that pushes.</summary>
[Trait("needs", "engine")]
public sealed class OciImageRegistryTests(RegistryFixture fixture) : ImageRegistryContract, IClassFixture<RegistryFixture>
{
    private RegistryHarness? _harness;

    protected override ImageRegistryHarness Harness => _harness ?? throw new InvalidOperationException("not initialized");

    public override ValueTask InitializeAsync()
    {
        Assert.SkipUnless(RegistryServer.IsInstalled, "docker-registry is not installed.");
        _harness = new RegistryHarness(fixture);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Wrong_password_is_a_failure_that_names_the_settings()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "something else");
        var built = await Harness.BuildAsync(Harness.NewName());
        var refused = (await Registry(new() { Address = fixture.Server.Address, Username = RegistryServer.Username, PasswordFile = file }).SealAsync(built, _ => { }, CancellationToken.None)).Failure;
        Assert.Equal("ship.denied", refused?.Code);
        Assert.Contains("Slipway:Registry:PasswordFile", refused?.Hint, StringComparison.Ordinal);
        File.Delete(file);
    }

    [Fact]
    public async Task Registry_without_TLS_where_it_is_expected_is_said_to_be_untrusted()
    {
        var authority = Path.GetTempFileName();
        await File.WriteAllTextAsync(authority, "");
        var built = await Harness.BuildAsync(Harness.NewName());
        var refused = (await Registry(new() { Address = fixture.Server.Address, AuthorityFile = authority }).SealAsync(built, _ => { }, CancellationToken.None)).Failure;
        Assert.Equal("ship.untrusted", refused?.Code);
        File.Delete(authority);
    }

    [Fact]
    public async Task Registry_that_is_away_is_an_exception_to_try_again_after()
    {
        await using var other = await RegistryServer.StartAsync();
        var registry = Registry(new() { Address = other.Address, Username = RegistryServer.Username, PasswordFile = other.PasswordFile });
        await other.StopAsync();
        var image = new BuiltImage($"{other.Address}/slipway-0123abcd/app:1", $"sha256:{new string('1', 64)}");
        var away = await Assert.ThrowsAsync<RegistryAwayException>(() => registry.SealAsync(image, _ => { }, CancellationToken.None));
        Assert.Contains(other.Address, away.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("registry", "", "", "dot or a port")]
    [InlineData("http://r.example.com", "", "", "nothing more")]
    [InlineData("r.example.com/team", "", "", "nothing more")]
    [InlineData("r.example.com", "me", "", "together")]
    [InlineData("r.example.com", "me", "/no/such/file", "not there")]
    [InlineData("localhost:5000", "", "", null)]
    [InlineData("", "me", "", null)]
    public void Settings_that_cannot_be_right_are_refused_in_words(string address, string username, string file, string? words)
    {
        var fault = new RegistryOptions { Address = address, Username = username, PasswordFile = file }.Fault();
        Assert.Equal(words is null, fault is null);
        Assert.Contains(words ?? "", fault ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1:5000", "", true)]
    [InlineData("127.0.0.1:5000", "registry.internal:5000", false)]
    [InlineData("registry.example.com", "localhost:5000", true)]
    [InlineData("registry.example.com", "", false)]
    public void Builder_is_told_to_do_without_TLS_by_its_own_way_only(string address, string builder, bool isPlain) =>
        Assert.Equal(isPlain, new RegistryOptions { Address = address, BuilderAddress = builder }.IsPlainForBuilder);

    [Theory]
    [InlineData("error parsing HTTP 404 for 127.0.0.1:40123: manifest unknown", null)]
    [InlineData("manifest sha256:401500 not found", null)]
    [InlineData("unauthorized: authentication required", "ship.denied")]
    [InlineData("Get https://10.0.0.5:5000/v2/: x509: certificate signed by unknown authority", "ship.untrusted")]
    public void Words_of_the_engine_are_told_apart(string said, string? code)
    {
        var failure = RegistryFailures.FromWords("10.0.0.5:5000", said);
        Assert.Equal(code, failure?.Code);
        Assert.DoesNotContain("{host}", failure?.Hint ?? "", StringComparison.Ordinal);
    }

    private static OciImageRegistry Registry(RegistryOptions options, IImageRegistry? local = null)
    {
        var wrapped = Options.Create(options);
        return new(new RegistryClient(RegistrySetup.Http(options), wrapped), local ?? new InMemoryImageRegistry($"{options.Address}/slipway-0123abcd/"), new NoTransfer(), "slipway-0123abcd/", wrapped, NullLogger<OciImageRegistry>.Instance);
    }

    /// <summary>The builder has pushed already.</summary>
    private sealed class NoTransfer : IImageTransfer
    {
        public Task<Failure?> PushAsync(string image, string name, RegistryLogin login, Action<string> tell, CancellationToken ct) => throw new InvalidOperationException($"{name} need not be pushed");

        public Task<Failure?> PullAsync(string pinned, string name, RegistryLogin login, Action<string> tell, CancellationToken ct) => throw new InvalidOperationException($"{pinned} need not be pulled");

        public Task<Failure?> CheckAsync(RegistryLogin login, CancellationToken ct) => Task.FromResult<Failure?>(null);
    }

    private sealed class RegistryHarness : ImageRegistryHarness
    {
        private readonly RegistryFixture _fixture;
        private readonly InMemoryImageRegistry _local;
        private readonly Dictionary<string, byte[]> _manifests = [];
        private readonly string _home = Guid.NewGuid().ToString("N")[..8];
        private int _names;

        public RegistryHarness(RegistryFixture fixture)
        {
            _fixture = fixture;
            var options = new RegistryOptions { Address = fixture.Server.Address, Username = RegistryServer.Username, PasswordFile = fixture.Server.PasswordFile };
            _local = new InMemoryImageRegistry($"{Address}/slipway-{_home}/");
            var wrapped = Options.Create(options);
            Registry = new OciImageRegistry(new RegistryClient(RegistrySetup.Http(options), wrapped), _local, new NoTransfer(), $"slipway-{_home}/", wrapped, NullLogger<OciImageRegistry>.Instance);
        }

        public override IImageRegistry Registry { get; }

        private string Address => _fixture.Server.Address;

        // Tags of one repository: the same content in another one is another image to a registry.
        public override string NewName() => $"{Address}/slipway-{_home}/image:name-{Interlocked.Increment(ref _names)}";

        public override string NewForeignName() => $"{Address}/slipway-99999999/image-{_home}:name-{Interlocked.Increment(ref _names)}";

        public override async Task<BuiltImage> BuildAsync(string name, params IReadOnlyList<int> exposed)
        {
            var (repository, tag) = Parts(name);
            var (digest, manifest) = await _fixture.PushAsync(repository, tag, exposed);
            _manifests[digest] = manifest;
            var image = new BuiltImage(name, digest);
            _local.Add(image, exposed);
            return image;
        }

        public override async Task NameAsync(BuiltImage image, string name)
        {
            var (repository, tag) = Parts(name);
            await _fixture.AgainAsync(repository, tag, _manifests[image.Digest]);
            _local.Add(image with { Name = name });
        }

        public override Task<IAsyncDisposable> UseAsync(BuiltImage image)
        {
            _local.InUse[image.Digest] = true;
            return Task.FromResult<IAsyncDisposable>(new Use(() => _local.InUse.TryRemove(image.Digest, out _)));
        }

        public override Task<bool> HasAsync(string image)
        {
            var (repository, reference) = Parts(image);
            return _fixture.HasAsync(repository, reference);
        }

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private (string Repository, string Reference) Parts(string name)
        {
            var found = ImageName.In(Address, name) ?? throw new InvalidOperationException($"{name} is no name of this registry");
            return (found.Repository, found.Reference);
        }
    }

    private sealed class Use(Action end) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            end();
            return ValueTask.CompletedTask;
        }
    }
}
