using Slipway.Core.Deployments;
using Slipway.Core.Tenancy;
using Slipway.Nats;
using Slipway.Server.Hosting;
using Slipway.Store;

namespace Slipway.Server.Api.Status;

internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", () => TypedResults.Ok(new { status = "live" })).ExcludeFromDescription();
        app.MapGet("/health/ready", ReadyAsync).ExcludeFromDescription();
    }

    /// <summary>Ready when the store answers; what else is up is told beside it.</summary>
    private static async Task<IResult> ReadyAsync(IDeploymentStore deployments, SelfAddress self, IServiceProvider services, CancellationToken ct)
    {
        using var system = TeamScope.EnterSystem();
        try
        {
            await deployments.ListAsync(new DeploymentQuery { Limit = 1 }, ct);
        }
        catch (Exception e) when (StoreTrouble.Of(e) is { } trouble)
        {
            return TypedResults.Json(new { status = "not_ready", reason = StoreTroubleHandler.Describe(trouble).Message }, statusCode: StatusCodes.Status503ServiceUnavailable);
        }

        if (services.GetService<NatsStart>()?.Fault is { } fault) return TypedResults.Json(new { status = "not_ready", reason = fault }, statusCode: StatusCodes.Status503ServiceUnavailable);
        return TypedResults.Ok(new { status = "ready", version = BuildVersion.Text, edge = self.Edge is null ? "down" : "up", registry = Registry(services) });
    }

    /// <summary>Away or slow it costs new deployments, and nothing that serves: told, and no reason to be restarted.</summary>
    private static string? Registry(IServiceProvider services) => services.GetService<RegistryWatch>() is { } watch ? watch.Problem ?? "up" : null;
}
