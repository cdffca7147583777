using Slipway.Core.Pipeline.Running;

namespace Slipway.Testing.InMemory;

/// <summary>What the app in an image does when the in-memory runtime starts it.</summary>
public sealed record ScriptedApp
{
    /// <summary>Where it listens; null: on the port that its spec wants.</summary>
    public IReadOnlyList<int>? Ports { get; init; }

    public bool ListensOnLoopbackOnly { get; init; }

    /// <summary>What it prints at each start.</summary>
    public Func<InstanceSpec, IEnumerable<string>> Output { get; init; } = _ => [];

    /// <summary>What it prints to stderr at each start.</summary>
    public Func<InstanceSpec, IEnumerable<string>> Errors { get; init; } = _ => [];

    /// <summary>Ends at once with this code; null: runs on.</summary>
    public int? ExitsWith { get; init; }

    /// <summary>At each start it adds a line to a file in this folder, and prints how many there are.</summary>
    public string? Remembers { get; init; }

    public bool RunsOutOfMemory { get; init; }

    /// <summary>Its address while it runs; null: one of its own.</summary>
    public string? Address { get; init; }
}
