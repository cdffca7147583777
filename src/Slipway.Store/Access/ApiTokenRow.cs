using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Slipway.Core;
using Slipway.Core.Access;
using Slipway.Store.Database;

namespace Slipway.Store.Access;

internal sealed class ApiTokenRow : ITeamRow
{
    public required string Hash { get; init; }
    public required TeamId TeamId { get; init; }
    public required string Name { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? LastUsedAt { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }

    public static void Map(EntityTypeBuilder<ApiTokenRow> row) => row.HasKey(r => r.Hash);

    public static ApiTokenRow From(ApiToken token) => new()
    {
        Hash = token.Hash.Hex,
        TeamId = token.Team,
        Name = token.Name,
        CreatedAt = token.CreatedAt,
        LastUsedAt = token.LastUsedAt,
        ExpiresAt = token.ExpiresAt,
    };

    public ApiToken ToToken(CredentialHash hash) => new(hash, TeamId, Name, CreatedAt, LastUsedAt, ExpiresAt);
}
