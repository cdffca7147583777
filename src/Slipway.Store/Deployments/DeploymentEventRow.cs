using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Slipway.Core;
using Slipway.Core.Deployments;
using Slipway.Store.Database;

namespace Slipway.Store.Deployments;

internal sealed class DeploymentEventRow : ITeamRow
{
    public required DeploymentId DeploymentId { get; init; }
    public required long Sequence { get; init; }
    public required TeamId TeamId { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>JSON, its kind inside as <c>type</c>.</summary>
    public required string Event { get; init; }
    public required DeploymentState StateAfter { get; init; }

    public static void Map(EntityTypeBuilder<DeploymentEventRow> row)
    {
        row.HasKey(r => new { r.DeploymentId, r.Sequence });
        row.HasOne<DeploymentRow>().WithMany().HasForeignKey(r => r.DeploymentId).OnDelete(DeleteBehavior.Cascade);
    }

    public static DeploymentEventRow From(DeploymentRow deployment, DeploymentEvent happened, DateTimeOffset at) => new()
    {
        DeploymentId = deployment.Id,
        Sequence = deployment.Version,
        TeamId = deployment.TeamId,
        At = at,
        Event = JsonSerializer.Serialize(happened, StoreJson.Default.DeploymentEvent),
        StateAfter = deployment.State,
    };

    public DeploymentEventRecord ToRecord() =>
        new(Sequence, At, StoreJson.Read(Event, StoreJson.Default.DeploymentEvent), StateAfter);
}
