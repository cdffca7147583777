using Microsoft.AspNetCore.Http.Json;
using Slipway.Core;
using Slipway.Core.BuildLogs;
using Slipway.Core.Pipeline;
using Slipway.Core.Pipeline.Building;
using Slipway.Core.Pipeline.Launching;
using Slipway.Core.Pipeline.Routing;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.Queueing;
using Slipway.Core.RuntimeLogs;
using Slipway.Core.Storage;
using Slipway.Server.Api;
using Slipway.Server.Hosting.Certificates;
using Slipway.Server.Hosting;
using Slipway.Server.Metrics;
using Slipway.Store;

namespace Slipway.Server.Roles;

/// <summary>api, worker, runtime and dashboard in one process: the one-machine control plane.</summary>
internal static class ControlPlaneRole
{
    /// <param name="roles">Without <c>worker</c> nothing is built here: workers of their own do.</param>
    public static async Task<int> RunAsync(HomeFolder home, string[] roles, string[] args)
    {
        using var only = HomeLock.Take(home, "server");
        await using var app = Build(home, args, withWorker: roles.Contains("worker"));
        await ControlPlaneStart.PrepareAsync(app.Services, CancellationToken.None);
        await app.StartAsync();
        var self = app.Services.GetRequiredService<SelfAddress>();
        var settings = app.Services.GetRequiredService<IConfiguration>();
        await RunFiles.WriteAsync(home.Paths, "server", new RunFile(Environment.ProcessId, BuildVersion.Text, self.Api ?? "", HomeSettings.BaseDomain(settings),
            HomeSettings.IsPublic(settings), TimeProvider.System.GetUtcNow()), CancellationToken.None);
        await app.WaitForShutdownAsync();
        File.Delete(RunFiles.PathOf(home.Paths, "server"));
        return 0;
    }

    /// <summary>The whole application; tests build it too, with some parts exchanged.</summary>
    public static WebApplication Build(HomeFolder home, string[] args, Action<IServiceCollection>? exchange = null, bool withWorker = true)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddConfiguration(HomeSettings.Load(home.Paths));
        var settings = builder.Configuration;
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("System.Net.Http", LogLevel.Warning).AddFilter("Grpc", LogLevel.Warning).AddFilter("NATS", LogLevel.Critical);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k =>
        {
            k.Listen(ApiPort.Address(settings), ApiPort.Choose(home, settings));
            k.AddServerHeader = false;
        });
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = settings.GetValue("Slipway:Pipeline:DrainTimeout", TimeSpan.FromSeconds(20)) + TimeSpan.FromSeconds(15));
        builder.Services.Configure<JsonOptions>(o => o.SerializerOptions.DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.Never);

        builder.Services.AddSingleton(new ServedRoles(withWorker ? ServedRoles.All : "api, runtime, dashboard"));
        AddCore(builder.Services, settings, home, withWorker);
        AddAdapters.To(builder.Services, settings, home);
        builder.Services.AddSlipwayApi(home).AddControlPlaneMetrics(settings);
        exchange?.Invoke(builder.Services);

        var app = builder.Build();
        app.MapSlipwayApi();
        return app;
    }

    private static void AddCore(IServiceCollection services, IConfiguration settings, HomeFolder home, bool withWorker)
    {
        var domain = HomeSettings.BaseDomain(settings);
        var hasNats = NatsSettings.Read(settings).IsWanted;
        services.AddSingleton(TimeProvider.System).AddSingleton(home).AddSingleton(home.Paths);
        services.AddOptions<PipelineOptions>().Bind(settings.GetSection(PipelineOptions.Section)).PostConfigure(o =>
        {
            o.WorkDirectory = home.Paths.Work;
            o.HomeId = home.Id;
            o.ImagePrefix = RegistrySettings.ImagePrefix(settings, home.Id);
            if (hasNats) o.LeaseDuration = NatsSettings.LeaseDuration(settings);
        });
        services.AddOptions<BuildLimitOptions>().Bind(settings.GetSection(BuildLimitOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<RuntimeOptions>().Bind(settings.GetSection(RuntimeOptions.Section)).PostConfigure(o => o.BaseDomain = domain)
            .Validate(o => HealthCheck.Check(o) is null, "Slipway:Runtime: StartDeadline or one of HealthPath, HealthStatus, HealthTimeout and HealthInterval cannot be used").ValidateOnStart();
        services.AddCertificates(settings, home);
        services.AddSingleton<SelfAddress>().AddSingleton<IControlPlaneAddress>(s => s.GetRequiredService<SelfAddress>());
        services.AddSingleton<DeploymentPipeline>().AddSingleton<BuildAdmission>().AddSingleton<DiskReserve>().AddSingleton<ImageBuild>().AddSingleton<DeploymentBuild>();
        services.AddSingleton<StoreClaims>().AddSingleton<IBuildClaims>(s => s.GetRequiredService<StoreClaims>()).AddSingleton<IBuildLogSink>(s => s.GetRequiredService<IBuildLog>());
        services.AddOptions<SleepOptions>().Bind(settings.GetSection(SleepOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<HealthyDeployments>().AddSingleton<FallingAsleep>().AddSingleton<OpenCommands>().AddSingleton<IdleLook>().AddSingleton<RoutePublisher>().AddSingleton<ProductionPointer>().AddSingleton<ProductionSwitch>().AddSingleton<Rollbacks>()
            .AddSingleton<InstanceStart>().AddSingleton<HealthChecks>().AddSingleton<InstanceHealth>().AddSingleton<DataHandover>().AddSingleton<WaysOut>().AddSingleton<DeploymentLauncher>();
        services.AddSingleton<QueueSweep>().AddHostedService(s => s.GetRequiredService<QueueSweep>());
        withWorker &= settings.GetValue($"{PipelineOptions.Section}:Concurrency", 1) > 0;
        if (!withWorker && !hasNats) throw new SettingsException("nothing would build here: give this process the role worker and a Slipway:Pipeline:Concurrency above 0, or set Slipway:Nats:Url for workers of their own");
        if (withWorker) services.AddHostedService<PipelineWorker>();
        services.AddOptions<RuntimeLogOptions>().Bind(settings.GetSection(RuntimeLogOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddRuntimeLogs(home.Paths.RuntimeLogs);
        services.AddSingleton<ObservedInstances>().AddSingleton<RuntimeLogCollector>().AddHostedService(s => s.GetRequiredService<RuntimeLogCollector>());
        services.AddSingleton<DeploymentSampler>().AddHostedService(s => s.GetRequiredService<DeploymentSampler>());
        services.AddHostedService<RuntimeReconciler>().AddHostedService<SleepKeeper>();
        services.AddOptions<StorageOptions>().Bind(settings.GetSection(StorageOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<UseNotes>().AddSingleton<Retirement>().AddSingleton<CachePruning>().AddSingleton<IDiskBudget, DiskBudget>();
        services.AddSingleton<DiskKeeper>().AddHostedService(s => s.GetRequiredService<DiskKeeper>()).AddHostedService<BranchWatch>().AddHostedService<IdleMemory>();
    }
}
