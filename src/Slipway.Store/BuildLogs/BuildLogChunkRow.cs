using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Slipway.Core;
using Slipway.Core.BuildLogs;
using Slipway.Store.Database;
using Slipway.Store.Deployments;

namespace Slipway.Store.BuildLogs;

/// <summary>One appended batch of lines. Keyed by its last line, so that "what comes after N" is one step in the index.</summary>
internal sealed class BuildLogChunkRow : ITeamRow
{
    public required DeploymentId DeploymentId { get; init; }
    public required long LastSequence { get; init; }
    public required TeamId TeamId { get; init; }
    public required int Attempt { get; init; }
    public required long Batch { get; init; }
    public required int LineCount { get; init; }

    /// <summary>A line in it tells a step's change: the steps of a long log are found without reading all of it.</summary>
    public required bool HasChanges { get; init; }

    /// <summary><see cref="PackedLines.Pack"/>.</summary>
    public required byte[] Payload { get; init; }

    public static void Map(EntityTypeBuilder<BuildLogChunkRow> row)
    {
        row.HasKey(r => new { r.DeploymentId, r.LastSequence });
        row.HasIndex(r => new { r.DeploymentId, r.Attempt, r.Batch }).IsUnique();
        row.HasIndex(r => new { r.DeploymentId, r.HasChanges });
        row.HasOne<DeploymentRow>().WithMany().HasForeignKey(r => r.DeploymentId).OnDelete(DeleteBehavior.Cascade);
    }
}
