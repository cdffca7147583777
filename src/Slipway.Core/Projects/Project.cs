namespace Slipway.Core.Projects;

/// <summary>What a user owns: a repository or folder plus settings.</summary>
public sealed record Project
{
    public required ProjectId Id { get; init; }
    public required TeamId Team { get; init; }

    /// <summary>Unique over the installation, for it is a host name: <c>{name}.{base domain}</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Where it came from first: <c>git:https://…</c> (normalised, no credentials) or <c>folder:{machine}:{path}</c>.</summary>
    public required string Origin { get; init; }

    /// <summary>The branch whose pushes go to production; null until known.</summary>
    public string? ProductionBranch { get; init; }

    /// <summary>Which deployment the production host points at.</summary>
    public DeploymentId? Production { get; init; }

    /// <summary>What a roll back pinned production to; in force while production still points there.</summary>
    public DeploymentId? ProductionPin { get; init; }

    /// <summary>The pointer's moves, oldest first, the last <see cref="Projects.ProductionHistory.Kept"/>.</summary>
    public IReadOnlyList<ProductionTurn> ProductionHistory { get; init; } = [];

    /// <summary>Production stays where it is until a person says otherwise.</summary>
    public bool IsPinned => ProductionPin is { } pin && pin == Production;

    /// <summary>Unguessable; names this project's cache mounts and its copy of the context inside the builder. Never shown.</summary>
    public required Secret CacheKey { get; init; }

    /// <summary>What signs the repository's webhooks; null until one is made. Encrypted at rest.</summary>
    public Secret? WebhookSecret { get; init; }

    public string? RootDirectory { get; init; }

    /// <summary>Null: as the installation says.</summary>
    public SleepSettings? Sleep { get; init; }

    /// <summary>Null: as the installation says.</summary>
    public RetentionSettings? Retention { get; init; }

    /// <summary>Null: as the installation says.</summary>
    public HealthSettings? Health { get; init; }

    /// <summary>Null: everybody may look.</summary>
    public ProtectionSettings? Protection { get; init; }

    /// <summary>What production keeps across deployments, by name.</summary>
    public IReadOnlyList<Volume> Volumes { get; init; } = [];

    /// <summary>Which deployment has the data while it is handed over to it; null at all other times: then what serves production has it.</summary>
    public DeploymentId? DataHeir { get; init; }

    /// <summary>Where its apps may go in spite of the fence.</summary>
    public IReadOnlyList<Way> Ways { get; init; } = [];

    /// <summary>Branches that the repository has no more, oldest first.</summary>
    public IReadOnlyList<ClosedBranch> ClosedBranches { get; init; } = [];
    public required DateTimeOffset CreatedAt { get; init; }
}
