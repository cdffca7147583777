using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Slipway.Core;
using Slipway.Core.Deployments;
using Slipway.Store.Database;
using Slipway.Store.Encryption;
using Slipway.Store.Projects;

namespace Slipway.Store.Deployments;

internal sealed class DeploymentRow : ITeamRow
{
    public required DeploymentId Id { get; init; }
    public required TeamId TeamId { get; init; }
    public required ProjectId ProjectId { get; init; }
    public required string ProjectName { get; init; }
    public required string Hash { get; init; }
    public required bool IsProduction { get; init; }
    public required string? RootDirectory { get; init; }
    public required string Trigger { get; init; }
    public required DeploymentId? RetryOf { get; init; }

    /// <summary>Encrypted JSON: <c>--env</c> values may be secrets as well. Null when there are none.</summary>
    public required byte[]? Environment { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>How many events were accepted; also the last event's sequence.</summary>
    public long Version { get; private set; }
    public DeploymentState State { get; private set; }
    public int Attempt { get; private set; }

    // JSON, each of the record by that name.
    public string Source { get; private set; } = "";
    public string? Revision { get; private set; }
    public string? Plan { get; private set; }
    public string? Failure { get; private set; }
    public string Timings { get; private set; } = "";
    public DateTimeOffset? StartedAt { get; private set; }
    public DateTimeOffset? ShippedAt { get; private set; }
    public DateTimeOffset? FinishedAt { get; private set; }

    /// <summary>Written by itself, beside the events; so events never write it.</summary>
    public DateTimeOffset? LastUsedAt { get; private set; }

    /// <summary>JSON; null unless it ended.</summary>
    public string? Ended { get; private set; }

    public static void Map(EntityTypeBuilder<DeploymentRow> row)
    {
        row.HasKey(r => r.Id);
        row.HasOne<ProjectRow>().WithMany().HasForeignKey(r => r.ProjectId).OnDelete(DeleteBehavior.Cascade);
        row.HasIndex(r => r.Hash).IsUnique();
        row.HasIndex(r => new { r.ProjectId, r.CreatedAt });
        row.HasIndex(r => new { r.TeamId, r.CreatedAt });
        row.HasIndex(r => new { r.State, r.CreatedAt });

        // The write lock keeps racing writers apart already; these make a lost update an error, not a silence.
        row.Property(r => r.Version).IsConcurrencyToken();
        row.Property(r => r.State).IsConcurrencyToken();
        row.Property(r => r.Attempt).IsConcurrencyToken();
    }

    public static DeploymentRow From(Deployment d, MasterKey key)
    {
        var row = new DeploymentRow
        {
            Id = d.Id,
            TeamId = d.Team,
            ProjectId = d.Project,
            ProjectName = d.ProjectName,
            Hash = d.Hash,
            IsProduction = d.IsProduction,
            RootDirectory = d.RootDirectory,
            Trigger = d.Trigger,
            RetryOf = d.RetryOf,
            Environment = d.Environment.Count == 0 ? null
                : key.Seal(JsonSerializer.Serialize(d.Environment, StoreJson.Default.IReadOnlyDictionaryStringString), EnvironmentIdentity(d.Id)),
            CreatedAt = d.CreatedAt,
        };
        row.Take(d);
        row.LastUsedAt = d.LastUsedAt;
        return row;
    }

    /// <summary>What events can change, and one version more.</summary>
    public void Change(Deployment next)
    {
        Version++;
        Take(next);
    }

    public Deployment ToDeployment(MasterKey key) => new()
    {
        Id = Id,
        Team = TeamId,
        Project = ProjectId,
        ProjectName = ProjectName,
        Hash = Hash,
        IsProduction = IsProduction,
        RootDirectory = RootDirectory,
        Trigger = Trigger,
        RetryOf = RetryOf,
        Environment = Environment is null ? new Dictionary<string, string>()
            : StoreJson.Read(key.Open(Environment, EnvironmentIdentity(Id)), StoreJson.Default.IReadOnlyDictionaryStringString),
        State = State,
        Attempt = Attempt,
        Source = StoreJson.Read(Source, StoreJson.Default.SourceRef),
        Revision = StoreJson.ReadIfAny(Revision, StoreJson.Default.Revision),
        Plan = StoreJson.ReadIfAny(Plan, StoreJson.Default.BuildPlan),
        Failure = StoreJson.ReadIfAny(Failure, StoreJson.Default.Failure),
        Timings = StoreJson.Read(Timings, StoreJson.Default.StageTimings),
        CreatedAt = CreatedAt,
        StartedAt = StartedAt,
        ShippedAt = ShippedAt,
        FinishedAt = FinishedAt,
        LastUsedAt = LastUsedAt,
        Ended = StoreJson.ReadIfAny(Ended, StoreJson.Default.Ending),
    };

    private void Take(Deployment d)
    {
        (State, Attempt) = (d.State, d.Attempt);
        Source = JsonSerializer.Serialize(d.Source, StoreJson.Default.SourceRef);
        Revision = StoreJson.WriteIfAny(d.Revision, StoreJson.Default.Revision);
        Plan = StoreJson.WriteIfAny(d.Plan, StoreJson.Default.BuildPlan);
        Failure = StoreJson.WriteIfAny(d.Failure, StoreJson.Default.Failure);
        Timings = JsonSerializer.Serialize(d.Timings, StoreJson.Default.StageTimings);
        (StartedAt, ShippedAt, FinishedAt) = (d.StartedAt, d.ShippedAt, d.FinishedAt);
        Ended = StoreJson.WriteIfAny(d.Ended, StoreJson.Default.Ending);
    }

    private static string EnvironmentIdentity(DeploymentId id) => $"deployments.environment:{id}";
}
