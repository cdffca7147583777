using Docker.DotNet;
using Slipway.Contract.Tests.Engine;
using Slipway.Core.Pipeline.Building;
using Slipway.Core.Pipeline.Shipping;
using Slipway.Testing.Contracts;

namespace Slipway.Contract.Tests.Shipping;

[Trait("needs", "engine")]
public sealed class EngineImageStoreTests(TestEngine engine) : ImageRegistryContract, IClassFixture<TestEngine>
{
    protected override ImageRegistryHarness Harness { get; } = new EngineHarness(engine);

    public override ValueTask InitializeAsync() => ValueTask.CompletedTask;

    private sealed class EngineHarness(TestEngine engine) : ImageRegistryHarness
    {
        private readonly string _foreign = engine.NewHome();
        private int _foreignImages;
        private int _contents;

        public override IImageRegistry Registry { get; } = engine.ImageStore(engine.Home);

        public override string NewName() => engine.NewImageName();

        public override string NewForeignName() => $"slipway-{_foreign}/image-{Interlocked.Increment(ref _foreignImages)}:test";

        public override async Task<BuiltImage> BuildAsync(string name, params IReadOnlyList<int> exposed) => new(name, await engine.ImportAsync(
            name, [$"LABEL content={Guid.NewGuid()}-{Interlocked.Increment(ref _contents)}", """CMD ["/bin/sh"]""", .. exposed.Select(port => $"EXPOSE {port}")]));

        public override Task NameAsync(BuiltImage image, string name) =>
            engine.Client.Images.TagImageAsync(image.Digest, new() { RepositoryName = name.Split(':')[0], Tag = name.Split(':')[1] });

        public override async Task<IAsyncDisposable> UseAsync(BuiltImage image)
        {
            var container = await engine.Client.Containers.CreateContainerAsync(new() { Image = image.Digest });
            return new Use(engine.Client, container.ID);
        }

        public override async Task<bool> HasAsync(string image)
        {
            try
            {
                return await engine.Client.Images.InspectImageAsync(image) is not null;
            }
            catch (DockerImageNotFoundException)
            {
                return false;
            }
        }

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class Use(IDockerClient client, string container) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await client.Containers.RemoveContainerAsync(container, new() { Force = true });
    }
}
