using Slipway.Server.Api.Admin;
using Slipway.Server.Api.Auditing;
using Slipway.Server.Api.Auth;
using Slipway.Server.Api.Certificates;
using Slipway.Server.Api.Deployments;
using Slipway.Server.Api.Domains;
using Slipway.Server.Api.Production;
using Slipway.Server.Api.Projects;
using Slipway.Server.Api.Status;
using Slipway.Server.Api.Uploads;
using Slipway.Server.Api.Volumes;
using Slipway.Server.Api.Ways;
using Slipway.Server.Api.Webhooks;
using Slipway.Server.Api.Workers;
using Slipway.Server.Hosting;
using Slipway.Server.Metrics;
using Slipway.Dashboard;

namespace Slipway.Server.Api;

/// <summary>All of /v1, the health endpoints and the pages, behind one guard.</summary>
internal static class SlipwayApi
{
    public static IServiceCollection AddSlipwayApi(this IServiceCollection services, HomeFolder home)
    {
        services.AddProblemDetails().Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true).AddExceptionHandler<UnreadableRequestHandler>().AddExceptionHandler<StoreTroubleHandler>().AddExceptionHandler<DiskFullHandler>();
        services.AddOpenApi("v1");
        services.AddSingleton<Guard>().AddSingleton<LoginLinks>().AddSingleton(s => new SessionCookies(home, s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<DeploymentViews>().AddSingleton<DeploymentLookup>().AddSingleton<RuntimeLogAuthors>().AddSingleton<DeploymentIntake>().AddSingleton<AuditTrail>().AddSingleton<AuditedSwitch>().AddSingleton<ExecDoor>().AddSingleton<DeploymentRemoval>().AddSingleton<DiskUse>().AddSingleton<DomainPublishing>().AddSingleton<ProtectionPublishing>().AddSingleton<CertificateViews>();
        return services;
    }

    public static void MapSlipwayApi(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseMiddleware<GuardMiddleware>();
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.FromSeconds(30), KeepAliveTimeout = TimeSpan.FromSeconds(30) });
        app.MapOpenApi("/v1/openapi.json");
        app.MapHealth();
        app.MapMetrics();
        var v1 = app.MapGroup("/v1");
        v1.MapDeployments();
        v1.MapDeploymentLogs();
        v1.MapRuntimeLogs();
        v1.MapDeploymentMetrics();
        v1.MapExec();
        v1.MapDeploymentSteps();
        v1.MapProjects();
        v1.MapProduction();
        v1.MapSleep();
        v1.MapRetention();
        v1.MapProjectHealth();
        v1.MapProjectProtection();
        v1.MapAliases();
        v1.MapDomains();
        v1.MapVolumes();
        v1.MapWays();
        v1.MapCertificates();
        v1.MapEnvironment();
        v1.MapUploads();
        v1.MapStatus();
        v1.MapGitHubHook();
        v1.MapFailedJobs();
        v1.MapAudit();
        app.MapWorkerUploads();
        app.MapLogin();
        app.MapDashboard();
    }
}
