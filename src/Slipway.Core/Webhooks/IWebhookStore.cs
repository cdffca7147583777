namespace Slipway.Core.Webhooks;

/// <summary>One call of a hook, as its sender numbers them.</summary>
/// <param name="Provider"><c>github</c>.</param>
/// <param name="DeliveryId">The sender's own id of this call (<c>X-GitHub-Delivery</c>).</param>
public sealed record WebhookDelivery(string Provider, string DeliveryId, ProjectId Project, TeamId Team, DateTimeOffset At);

/// <summary>Which hook calls were handled, so that one sent twice deploys once.</summary>
public interface IWebhookStore
{
    /// <summary>False when (provider, delivery id) was there already. Needs the row's team in scope.</summary>
    Task<bool> TryRecordAsync(WebhookDelivery delivery, CancellationToken ct);

    /// <summary>Handling it failed: let the sender's next try in.</summary>
    Task ForgetAsync(WebhookDelivery delivery, CancellationToken ct);
}
