using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Slipway.Core;
using Slipway.Core.Domains;
using Slipway.Store.Database;
using Slipway.Store.Projects;

namespace Slipway.Store.Domains;

internal sealed class DomainRow : ITeamRow
{
    public required string Host { get; init; }
    public required ProjectId ProjectId { get; init; }
    public required TeamId TeamId { get; init; }
    public string? RedirectTo { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }

    public static void Map(EntityTypeBuilder<DomainRow> row)
    {
        row.HasKey(r => r.Host);
        row.HasOne<ProjectRow>().WithMany().HasForeignKey(r => r.ProjectId).OnDelete(DeleteBehavior.Cascade);
    }

    public static DomainRow From(Domain domain) => new()
    {
        Host = domain.Host,
        ProjectId = domain.Project,
        TeamId = domain.Team,
        RedirectTo = domain.RedirectTo,
        CreatedAt = domain.CreatedAt,
    };

    public Domain ToDomain() => new(Host, ProjectId, TeamId, RedirectTo, CreatedAt);
}
