using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Slipway.Core;
using Slipway.Core.Access;
using Slipway.Store.Database;

namespace Slipway.Store.Access;

internal sealed class SessionRow : ITeamRow
{
    public required string Hash { get; init; }
    public required TeamId TeamId { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }

    public static void Map(EntityTypeBuilder<SessionRow> row)
    {
        row.HasKey(r => r.Hash);
        row.HasIndex(r => r.ExpiresAt);
    }

    public Session ToSession(CredentialHash hash) => new(hash, TeamId, CreatedAt, ExpiresAt);
}
