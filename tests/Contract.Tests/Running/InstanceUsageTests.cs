using Slipway.Contract.Tests.Engine;
using Slipway.Core;
using Slipway.Core.Hosting;
using Slipway.Core.Pipeline.Running;
using Slipway.Docker.Running;
using Slipway.Host.Cgroups;
using Slipway.Testing.Contracts;

namespace Slipway.Contract.Tests.Running;

/// <summary>What a real container uses, by both ways.</summary>
[Trait("needs", "engine")]
public sealed class InstanceUsageTests(TestEngine engine) : IClassFixture<TestEngine>, IAsyncLifetime
{
    private DockerRuntimeHarness? _harness;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private DockerRuntimeHarness Harness => _harness ?? throw new InvalidOperationException("not begun");

    public async ValueTask InitializeAsync() => _harness = await DockerRuntimeHarness.CreateAsync(engine);

    public ValueTask DisposeAsync() => Harness.DisposeAsync();

    [Fact]
    public async Task The_kernels_files_and_the_engine_tell_the_same_and_sleepers_are_not_asked_of_the_engine()
    {
        var deployment = StrongId.New<DeploymentId>(TimeProvider.System);
        var spec = new InstanceSpec
        {
            Id = InstanceId.Of(deployment),
            Deployment = deployment,
            Project = StrongId.New<ProjectId>(TimeProvider.System),
            Image = Harness.ImageOf(AppKind.Listens),
            Port = 8080,
            Environment = new Dictionary<string, string>(),
            Limits = new() { MemoryBytes = 64 << 20 },
        };
        var instance = await Harness.Runtime.StartAsync(spec, Ct);
        var stopped = instance with { Id = InstanceId.Of(StrongId.New<DeploymentId>(TimeProvider.System)), State = InstanceState.Exited };

        var asked = await Usage(new Blind()).ReadAsync([instance, stopped], mayAsk: true, Ct);
        var read = await Usage(new CgroupReader(CgroupTree.OfHost)).ReadAsync([instance, stopped], mayAsk: false, Ct);

        Assert.Equal([instance.Id], asked.Keys);
        Assert.Equal([instance.Id], read.Keys);
        foreach (var usage in new[] { asked[instance.Id], read[instance.Id] })
        {
            Assert.Equal(64 << 20, usage.MemoryLimitBytes);
            Assert.InRange(usage.MemoryBytes, 1, 32 << 20);
            Assert.InRange(usage.CpuSeconds, 0.0001, 30);
            Assert.NotNull(usage.ReceivedBytes);
            Assert.NotNull(usage.SentBytes);
        }

        Assert.True(read[instance.Id].CpuSeconds >= asked[instance.Id].CpuSeconds);
        Assert.Empty(await Usage(new Blind()).ReadAsync([instance], mayAsk: false, Ct));
        Assert.Empty(await Usage(new Blind()).ReadAsync([instance with { State = InstanceState.Frozen }], mayAsk: true, Ct));
        await Harness.Runtime.RemoveAsync(instance.Id, TimeSpan.Zero, Ct);
        Assert.Empty(await Usage(new CgroupReader(CgroupTree.OfHost)).ReadAsync([instance], mayAsk: true, Ct));
    }

    private DockerUsage Usage(ICgroupReader cgroups) => new(engine.Client, cgroups, TestEngine.Options(Harness.Home), TimeProvider.System);

    /// <summary>Where this process sees none of the machine's files.</summary>
    private sealed class Blind : ICgroupReader
    {
        public CgroupUse? Read(long process, string container) => null;
    }
}
