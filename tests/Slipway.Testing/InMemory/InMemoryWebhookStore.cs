using Slipway.Core.Webhooks;

namespace Slipway.Testing.InMemory;

public sealed class InMemoryWebhookStore : IWebhookStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Provider, string Id), WebhookDelivery> _deliveries = [];

    public Task<bool> TryRecordAsync(WebhookDelivery delivery, CancellationToken ct)
    {
        Scopes.Demand(delivery.Team);
        lock (_gate) return Task.FromResult(_deliveries.TryAdd((delivery.Provider, delivery.DeliveryId), delivery));
    }

    public Task ForgetAsync(WebhookDelivery delivery, CancellationToken ct)
    {
        lock (_gate)
        {
            var key = (delivery.Provider, delivery.DeliveryId);
            if (_deliveries.TryGetValue(key, out var known) && Scopes.See(known.Team)) _deliveries.Remove(key);
        }

        return Task.CompletedTask;
    }
}
