using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Slipway.Core;
using Slipway.Core.Auditing;
using Slipway.Store.Database;

namespace Slipway.Store.Auditing;

/// <summary>Refers to no other table: it outlives what it tells of.</summary>
internal sealed class AuditEntryRow : ITeamRow
{
    public required long Id { get; init; }
    public required TeamId TeamId { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string Actor { get; init; }
    public required string Action { get; init; }
    public string? Project { get; init; }
    public required string Detail { get; init; }

    public static void Map(EntityTypeBuilder<AuditEntryRow> row)
    {
        row.HasKey(r => r.Id);
        // The log counts by itself, under the store's one write lock: a number that is the order.
        row.Property(r => r.Id).ValueGeneratedNever();
        row.HasIndex(r => new { r.TeamId, r.Id });
    }

    public static AuditEntryRow From(AuditEntry entry) => new()
    {
        Id = entry.Id,
        TeamId = entry.Team,
        At = entry.At,
        Actor = StorableText.Of(entry.Actor),
        Action = entry.Action,
        Project = entry.Project,
        Detail = StorableText.Of(entry.Detail),
    };

    public AuditEntry ToEntry() => new(Id, TeamId, At, Actor, Action, Project, Detail);
}
