using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Slipway.Core;
using Slipway.Core.Webhooks;
using Slipway.Store.Database;
using Slipway.Store.Projects;

namespace Slipway.Store.Webhooks;

internal sealed class WebhookDeliveryRow : ITeamRow
{
    public required string Provider { get; init; }
    public required string DeliveryId { get; init; }
    public required ProjectId ProjectId { get; init; }
    public required TeamId TeamId { get; init; }
    public required DateTimeOffset At { get; init; }

    public static void Map(EntityTypeBuilder<WebhookDeliveryRow> row)
    {
        row.HasKey(r => new { r.Provider, r.DeliveryId });
        row.HasOne<ProjectRow>().WithMany().HasForeignKey(r => r.ProjectId).OnDelete(DeleteBehavior.Cascade);
        row.HasIndex(r => r.At);
    }

    public static WebhookDeliveryRow From(WebhookDelivery delivery) => new()
    {
        Provider = delivery.Provider,
        DeliveryId = delivery.DeliveryId,
        ProjectId = delivery.Project,
        TeamId = delivery.Team,
        At = delivery.At,
    };
}
