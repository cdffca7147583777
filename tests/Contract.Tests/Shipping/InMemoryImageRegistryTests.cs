using System.Security.Cryptography;
using Slipway.Core.Pipeline.Building;
using Slipway.Core.Pipeline.Shipping;
using Slipway.Testing.Contracts;
using Slipway.Testing.InMemory;

namespace Slipway.Contract.Tests.Shipping;

/// <summary>The twin that other tests run on.</summary>
public sealed class InMemoryImageRegistryTests : ImageRegistryContract
{
    protected override ImageRegistryHarness Harness { get; } = new InMemoryHarness();

    public override ValueTask InitializeAsync() => ValueTask.CompletedTask;

    private sealed class InMemoryHarness : ImageRegistryHarness
    {
        private readonly InMemoryImageRegistry _registry = new("slipway-0123abcd/");
        private int _names;

        public override IImageRegistry Registry => _registry;

        public override string NewName() => $"slipway-0123abcd/image-{Interlocked.Increment(ref _names)}:test";

        public override string NewForeignName() => $"slipway-99999999/image-{Interlocked.Increment(ref _names)}:test";

        public override Task<BuiltImage> BuildAsync(string name, params IReadOnlyList<int> exposed)
        {
            var image = new BuiltImage(name, $"sha256:{RandomNumberGenerator.GetHexString(64, lowercase: true)}");
            _registry.Add(image, exposed);
            return Task.FromResult(image);
        }

        public override async Task NameAsync(BuiltImage image, string name)
        {
            var exposed = await _registry.ExposedPortAsync(image.Digest, default);
            _registry.Add(image with { Name = name }, exposed is { } port ? [port] : []);
        }

        public override Task<IAsyncDisposable> UseAsync(BuiltImage image)
        {
            _registry.InUse[image.Digest] = true;
            return Task.FromResult<IAsyncDisposable>(new Use(() => _registry.InUse.TryRemove(image.Digest, out _)));
        }

        public override Task<bool> HasAsync(string image) => Task.FromResult(_registry.Has(image));

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
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
