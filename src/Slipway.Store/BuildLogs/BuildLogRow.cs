using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Slipway.Core;
using Slipway.Store.Database;
using Slipway.Store.Deployments;

namespace Slipway.Store.BuildLogs;

/// <summary>A deployment's log as a whole.</summary>
internal sealed class BuildLogRow : ITeamRow
{
    public required DeploymentId DeploymentId { get; init; }
    public required TeamId TeamId { get; init; }
    public long LastSequence { get; set; }
    public DateTimeOffset? CompletedAt { get; set; }

    public static void Map(EntityTypeBuilder<BuildLogRow> row)
    {
        row.HasKey(r => r.DeploymentId);
        row.HasOne<DeploymentRow>().WithOne().HasForeignKey<BuildLogRow>(r => r.DeploymentId).OnDelete(DeleteBehavior.Cascade);
    }
}
