using Slipway.Core.Pipeline.Planning;
using Slipway.Core.Pipeline.Shipping;
using Slipway.Core.Pipeline.Sourcing;

namespace Slipway.Core.Deployments;

/// <summary>One request to put one commit live, with its history. A value: it changes only by events.</summary>
public sealed record Deployment
{
    public required DeploymentId Id { get; init; }
    public required TeamId Team { get; init; }
    public required ProjectId Project { get; init; }
    public required string ProjectName { get; init; }

    /// <summary>8 random hex digits, unique: the first label of its preview host.</summary>
    public required string Hash { get; init; }
    public required SourceRef Source { get; init; }

    /// <summary>Moves the production host once ready. A project's first ready deployment does so anyway.</summary>
    public bool IsProduction { get; init; }
    public string? RootDirectory { get; init; }

    /// <summary>Plain values given with this one deployment (<c>--env K=V</c>); they win over the project's.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public DeploymentState State { get; init; } = DeploymentState.Queued;

    /// <summary>0 before the first build; every claim has a higher one.</summary>
    public int Attempt { get; init; }
    public Revision? Revision { get; init; }
    public BuildPlan? Plan { get; init; }
    public Failure? Failure { get; init; }
    public StageTimings Timings { get; init; } = new();
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? ShippedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>When somebody used it last, as far as it was noted (<see cref="IDeploymentStore.NoteUseAsync"/>).</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>Not null for one that ended after endings were written down.</summary>
    public Ending? Ended { get; init; }

    /// <summary>What asked for it: <c>cli</c>, <c>api</c>, <c>dashboard</c>, <c>github</c>.</summary>
    public required string Trigger { get; init; }
    public DeploymentId? RetryOf { get; init; }

    /// <summary>The preview host's first label.</summary>
    public string PreviewLabel => $"{Hash}-preview";
}
