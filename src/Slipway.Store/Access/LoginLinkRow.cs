using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Slipway.Core;
using Slipway.Store.Database;

namespace Slipway.Store.Access;

internal sealed class LoginLinkRow : ITeamRow
{
    public required string Hash { get; init; }
    public required TeamId TeamId { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? UsedAt { get; init; }

    public static void Map(EntityTypeBuilder<LoginLinkRow> row)
    {
        row.HasKey(r => r.Hash);
        row.HasIndex(r => r.ExpiresAt);
    }
}
