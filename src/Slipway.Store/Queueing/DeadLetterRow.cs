using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Slipway.Core;
using Slipway.Core.Queueing;
using Slipway.Store.Database;

namespace Slipway.Store.Queueing;

internal sealed class DeadLetterRow : ITeamRow
{
    public long Sequence { get; private set; }
    public required DeploymentId DeploymentId { get; init; }
    public required TeamId TeamId { get; init; }
    public required int Attempts { get; init; }
    public required string Reason { get; init; }
    public required DateTimeOffset At { get; init; }

    public static void Map(EntityTypeBuilder<DeadLetterRow> row)
    {
        row.HasKey(r => r.Sequence);
        row.HasIndex(r => r.DeploymentId).IsUnique();
        row.HasIndex(r => r.At);
    }

    public DeadLetter ToDeadLetter() => new(Sequence, new Job(DeploymentId), Attempts, Reason, At);
}
