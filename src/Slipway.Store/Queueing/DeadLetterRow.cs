using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Slipway.Core;
using Slipway.Core.Queueing;
using Slipway.Store.Database;

namespace Slipway.Store.Queueing;

internal sealed class DeadLetterRow : ITeamRow
{
    public required DeploymentId DeploymentId { get; init; }
    public required TeamId TeamId { get; init; }
    public required int Attempts { get; init; }
    public required string Reason { get; init; }
    public required DateTimeOffset At { get; init; }

    public static void Map(EntityTypeBuilder<DeadLetterRow> row)
    {
        row.HasKey(r => r.DeploymentId);
        row.HasIndex(r => r.At);
    }

    public DeadLetter ToDeadLetter() => new(new Job(DeploymentId), Attempts, Reason, At);
}
