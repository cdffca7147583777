using Slipway.Core.Pipeline.Running;
using Slipway.Testing.Contracts;
using Slipway.Testing.InMemory;

namespace Slipway.Contract.Tests.Running;

/// <summary>Homes in memory.</summary>
internal sealed class InMemoryRuntimeHarness : ContainerRuntimeHarness
{
    private readonly InMemoryContainerRuntime _runtime = Create();

    public override IContainerRuntime Runtime => _runtime;

    public override IVolumes Volumes => _runtime;

    public override IContainerRuntime OtherHome { get; } = Create();

    public override IContainerRuntime AfterRestart() => Runtime;

    public override string ImageOf(AppKind kind) => kind.ToString();

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static InMemoryContainerRuntime Create() => new(TimeProvider.System)
    {
        Images =
        {
            [nameof(AppKind.Listens)] = new(),
            [nameof(AppKind.ListensOnLoopback)] = new() { ListensOnLoopbackOnly = true },
            [nameof(AppKind.PrintsAndExits)] = new()
            {
                Output = spec => [spec.Environment.GetValueOrDefault("GREETING", ""), "one", "two", "three"],
                ExitsWith = 3,
            },
            [nameof(AppKind.PrintsAndStays)] = new() { Output = _ => ["up"], Errors = _ => ["oops"] },
            [nameof(AppKind.Remembers)] = new() { Remembers = "/data", ExitsWith = 0 },
            [nameof(AppKind.EatsMemory)] = new() { ExitsWith = 137, RunsOutOfMemory = true },
        },
    };
}
