using Slipway.Core.Deployments;
using Slipway.Core.Tenancy;
using Slipway.Server.Hosting;

namespace Slipway.Server.Api.Status;

internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", () => TypedResults.Ok(new { status = "live" })).ExcludeFromDescription();
        app.MapGet("/health/ready", ReadyAsync).ExcludeFromDescription();
    }

    /// <summary>Ready when the store answers; what else is up is told beside it.</summary>
    private static async Task<IResult> ReadyAsync(IDeploymentStore deployments, SelfAddress self, CancellationToken ct)
    {
        using var system = TeamScope.EnterSystem();
        await deployments.ListAsync(new DeploymentQuery { Limit = 1 }, ct);
        return TypedResults.Ok(new { status = "ready", version = BuildVersion.Text, edge = self.Edge is null ? "down" : "up" });
    }
}
