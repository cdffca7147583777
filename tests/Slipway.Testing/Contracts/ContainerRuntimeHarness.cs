using Slipway.Core;
using Slipway.Core.Pipeline.Running;

namespace Slipway.Testing.Contracts;

/// <summary>The apps that the contract runs.</summary>
public enum AppKind
{
    /// <summary>Serves HTTP on its port at every address.</summary>
    Listens,

    /// <summary>Listens on its port at 127.0.0.1.</summary>
    ListensOnLoopback,

    /// <summary>Prints the variable GREETING, then "one", "two", "three", and ends with code 3.</summary>
    PrintsAndExits,

    /// <summary>Prints "up" to stdout and "oops" to stderr, then runs on in silence.</summary>
    PrintsAndStays,

    /// <summary>Adds a line to a file in /data, prints how many lines are in it, and ends with code 0.</summary>
    Remembers,

    /// <summary>Takes memory until there is no more.</summary>
    EatsMemory,
}

/// <summary>What the contract needs of a runtime's surroundings.</summary>
public abstract class ContainerRuntimeHarness : IAsyncDisposable
{
    public const int Port = 8080;

    public abstract IContainerRuntime Runtime { get; }

    /// <summary>The volumes of its home.</summary>
    public abstract IVolumes Volumes { get; }

    /// <summary>The runtime of another home on the same engine.</summary>
    public abstract IContainerRuntime OtherHome { get; }

    /// <summary>The runtime as a new process of ours finds it.</summary>
    public abstract IContainerRuntime AfterRestart();

    public abstract string ImageOf(AppKind kind);

    /// <summary>An instance of that app, small.</summary>
    public InstanceSpec Spec(AppKind kind)
    {
        var deployment = StrongId.New<DeploymentId>(TimeProvider.System);
        return new()
        {
            Id = InstanceId.Of(deployment),
            Deployment = deployment,
            Project = StrongId.New<ProjectId>(TimeProvider.System),
            Image = ImageOf(kind),
            Port = Port,
            Environment = new Dictionary<string, string>(),
            Limits = new() { MemoryBytes = 64 << 20, Pids = 64 },
        };
    }

    public abstract ValueTask DisposeAsync();
}
