using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Slipway.Core;
using Slipway.Store.Database;

namespace Slipway.Store.Queueing;

internal sealed class QueueJobRow : ITeamRow
{
    /// <summary>Order of arrival.</summary>
    public long Sequence { get; private set; }
    public required DeploymentId DeploymentId { get; init; }
    public required TeamId TeamId { get; init; }

    /// <summary>Deliveries so far.</summary>
    public int Attempt { get; private set; }

    /// <summary>When it may be delivered (again): due time while nobody holds it, end of the lease while somebody does.</summary>
    public DateTimeOffset VisibleAt { get; private set; }

    /// <summary>The lease in force, or the last one that ran out.</summary>
    public string? Token { get; private set; }
    public string? Worker { get; private set; }

    public static void Map(EntityTypeBuilder<QueueJobRow> row)
    {
        row.HasKey(r => r.Sequence);
        row.HasIndex(r => r.DeploymentId).IsUnique();
        row.HasIndex(r => r.Token).IsUnique();
        row.HasIndex(r => new { r.VisibleAt, r.Sequence });
    }
}
