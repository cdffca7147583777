using Microsoft.EntityFrameworkCore;
using Slipway.Core.Webhooks;
using Slipway.Store.Database;

namespace Slipway.Store.Webhooks;

internal sealed class WebhookStore(StoreFile file) : IWebhookStore
{
    /// <summary>Longer than any sender tries again.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    public Task<bool> TryRecordAsync(WebhookDelivery delivery, CancellationToken ct)
    {
        TeamRows.DemandScope(delivery.Team);
        return file.WriteAsync(async db =>
        {
            // Every team: the sender's ids are unique by themselves.
            var all = db.WebhookDeliveries.OfEveryTeam();
            if (await all.AnyAsync(d => d.Provider == delivery.Provider && d.DeliveryId == delivery.DeliveryId, ct)) return false;
            var old = delivery.At - Kept;
            await all.Where(d => d.At < old).ExecuteDeleteAsync(ct);
            db.WebhookDeliveries.Add(WebhookDeliveryRow.From(delivery));
            return await db.SaveChangesAsync(ct) == 1;
        }, ct);
    }

    public Task ForgetAsync(WebhookDelivery delivery, CancellationToken ct) =>
        file.WriteAsync(db => db.WebhookDeliveries
            .Where(d => d.Provider == delivery.Provider && d.DeliveryId == delivery.DeliveryId).ExecuteDeleteAsync(ct), ct);
}
