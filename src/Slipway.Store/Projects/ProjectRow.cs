using System.Text.Json;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Slipway.Core;
using Slipway.Core.Projects;
using Slipway.Store.Database;
using Slipway.Store.Encryption;

namespace Slipway.Store.Projects;

internal sealed class ProjectRow : ITeamRow
{
    public required ProjectId Id { get; init; }
    public required TeamId TeamId { get; init; }
    public required string Name { get; init; }
    public required string Origin { get; set; }
    public string? ProductionBranch { get; set; }
    public DeploymentId? Production { get; set; }
    public DeploymentId? ProductionPin { get; set; }

    /// <summary>JSON of the pointer's moves; null when there are none.</summary>
    public string? ProductionHistory { get; set; }

    /// <summary>Encrypted.</summary>
    public required byte[] CacheKey { get; set; }

    /// <summary>Encrypted.</summary>
    public byte[]? WebhookSecret { get; set; }
    public string? RootDirectory { get; set; }

    /// <summary>JSON; null for the installation's.</summary>
    public string? Sleep { get; set; }

    /// <summary>JSON; null for the installation's.</summary>
    public string? Retention { get; set; }

    /// <summary>JSON; null for the installation's.</summary>
    public string? Health { get; set; }

    /// <summary>Encrypted; null: open.</summary>
    public byte[]? Protection { get; set; }

    /// <summary>JSON; null when there are none.</summary>
    public string? ClosedBranches { get; set; }

    /// <summary>JSON; null when there are none.</summary>
    public string? Volumes { get; set; }
    public DeploymentId? DataHeir { get; set; }

    /// <summary>JSON; null when there are none.</summary>
    public string? Ways { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }

    public static void Map(EntityTypeBuilder<ProjectRow> row)
    {
        row.HasKey(r => r.Id);
        row.HasIndex(r => r.Name).IsUnique();
        row.HasIndex(r => r.TeamId);
    }

    public static ProjectRow From(Project project, MasterKey key)
    {
        var row = new ProjectRow
        {
            Id = project.Id,
            TeamId = project.Team,
            Name = project.Name,
            Origin = project.Origin,
            CacheKey = [],
            CreatedAt = project.CreatedAt,
        };
        row.Take(project, key);
        return row;
    }

    public void Take(Project project, MasterKey key)
    {
        (Origin, ProductionBranch, Production, RootDirectory) = (project.Origin, project.ProductionBranch, project.Production, project.RootDirectory);
        ProductionPin = project.ProductionPin;
        ProductionHistory = project.ProductionHistory.Count == 0 ? null : JsonSerializer.Serialize(project.ProductionHistory, StoreJson.Default.IReadOnlyListProductionTurn);
        Sleep = StoreJson.WriteIfAny(project.Sleep, StoreJson.Default.SleepSettings);
        Retention = StoreJson.WriteIfAny(project.Retention, StoreJson.Default.RetentionSettings);
        Health = StoreJson.WriteIfAny(project.Health, StoreJson.Default.HealthSettings);
        ClosedBranches = project.ClosedBranches.Count == 0 ? null : JsonSerializer.Serialize(project.ClosedBranches, StoreJson.Default.IReadOnlyListClosedBranch);
        Volumes = project.Volumes.Count == 0 ? null : JsonSerializer.Serialize(project.Volumes, StoreJson.Default.IReadOnlyListVolume);
        DataHeir = project.DataHeir;
        Ways = project.Ways.Count == 0 ? null : JsonSerializer.Serialize(project.Ways, StoreJson.Default.IReadOnlyListWay);
        Protection = project.Protection is { } protection ? key.Seal($"{protection.Hosts}:{protection.PasswordHash.Reveal()}", ProtectionIdentity) : null;
        CacheKey = key.Seal(project.CacheKey.Reveal(), CacheKeyIdentity);
        WebhookSecret = project.WebhookSecret is { } secret ? key.Seal(secret.Reveal(), WebhookSecretIdentity) : null;
    }

    public Project ToProject(MasterKey key) => new()
    {
        Id = Id,
        Team = TeamId,
        Name = Name,
        Origin = Origin,
        ProductionBranch = ProductionBranch,
        Production = Production,
        ProductionPin = ProductionPin,
        ProductionHistory = StoreJson.ReadIfAny(ProductionHistory, StoreJson.Default.IReadOnlyListProductionTurn) ?? [],
        CacheKey = new Secret(key.Open(CacheKey, CacheKeyIdentity)),
        WebhookSecret = WebhookSecret is { } sealedSecret ? new Secret(key.Open(sealedSecret, WebhookSecretIdentity)) : null,
        RootDirectory = RootDirectory,
        Sleep = StoreJson.ReadIfAny(Sleep, StoreJson.Default.SleepSettings),
        Retention = StoreJson.ReadIfAny(Retention, StoreJson.Default.RetentionSettings),
        Health = StoreJson.ReadIfAny(Health, StoreJson.Default.HealthSettings),
        Protection = Protection is { } sealedProtection ? ToProtection(key.Open(sealedProtection, ProtectionIdentity)) : null,
        ClosedBranches = StoreJson.ReadIfAny(ClosedBranches, StoreJson.Default.IReadOnlyListClosedBranch) ?? [],
        Volumes = StoreJson.ReadIfAny(Volumes, StoreJson.Default.IReadOnlyListVolume) ?? [],
        DataHeir = DataHeir,
        Ways = StoreJson.ReadIfAny(Ways, StoreJson.Default.IReadOnlyListWay) ?? [],
        CreatedAt = CreatedAt,
    };

    private static ProtectionSettings ToProtection(string text) => text.IndexOf(':', StringComparison.Ordinal) is var colon and > 0
        ? new(new Secret(text[(colon + 1)..]), Enum.Parse<ProtectedHosts>(text[..colon])) : throw new FormatException("a stored protection has no hosts");

    private string CacheKeyIdentity => $"projects.cache_key:{Id}";
    private string ProtectionIdentity => $"projects.protection:{Id}";
    private string WebhookSecretIdentity => $"projects.webhook_secret:{Id}";
}
