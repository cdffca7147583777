using Slipway.Core;
using Slipway.Core.Pipeline;
using Slipway.Core.Pipeline.Building;
using Slipway.Core.Queueing;
using Slipway.Core.Storage;
using Slipway.Nats;
using Slipway.Server.Hosting;
using Slipway.Server.Metrics;

namespace Slipway.Server.Roles;

/// <summary>Builds, and nothing else: no database, no master key, no API. What it knows of the control plane it is told over NATS.</summary>
internal static class WorkerRole
{
    /// <summary>A worker that is told to stop lets its builds finish: as long as the longest may take.</summary>
    private static readonly TimeSpan Drain = TimeSpan.FromMinutes(30);

    public static async Task<int> RunAsync(SlipwayHome paths, string[] args)
    {
        foreach (var folder in new[] { paths.Root, paths.Work, paths.Uploads, paths.Logs, paths.Run }) Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var only = HomeLock.Take(paths, "worker");
        var settings = HomeSettings.Load(paths);
        if (!NatsSettings.Read(settings).IsWanted) throw new SettingsException($"a worker in a process of its own takes its jobs over NATS: set {NatsOptions.Section}:Url, and the credential of its user");

        foreach (var folder in new[] { paths.Work, paths.Uploads }) Empty(folder);
        if (await MeetAsync(settings) is not { } control) return 0;
        using var host = Build(new HomeFolder(paths, control.HomeId, ""), settings, control, args);
        // The link of the host itself: opened before the first job is asked for.
        await host.Services.GetRequiredService<NatsStart>().WorkerAsync(Name, BuildVersion.Text, CancellationToken.None);
        await host.StartAsync();
        await RunFiles.WriteAsync(paths, "worker", new RunFile(Environment.ProcessId, BuildVersion.Text, "", "", false, TimeProvider.System.GetUtcNow()), CancellationToken.None);
        await host.WaitForShutdownAsync();
        File.Delete(RunFiles.PathOf(paths, "worker"));
        return 0;
    }

    private static string Name => $"{Environment.MachineName}:{Environment.ProcessId}";

    /// <summary>Waits for the control plane, which may start later. Null: told to stop while waiting.</summary>
    private static async Task<ControlPlaneFacts?> MeetAsync(IConfiguration settings)
    {
        using var stop = new CancellationTokenSource();
        using var terminate = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGTERM, Stop);
        using var interrupt = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGINT, Stop);
        await using var services = new ServiceCollection().AddLogging(AddLogging).AddNatsLink(o => settings.GetSection(NatsOptions.Section).Bind(o)).BuildServiceProvider();
        try
        {
            return await services.GetRequiredService<NatsStart>().WorkerAsync(Name, BuildVersion.Text, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }

        void Stop(System.Runtime.InteropServices.PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    private static IHost Build(HomeFolder home, IConfiguration settings, ControlPlaneFacts control, string[] args)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddConfiguration(settings);
        AddLogging(builder.Logging);
        var services = builder.Services;
        var drain = settings.GetValue($"{PipelineOptions.Section}:DrainTimeout", Drain);
        services.Configure<Microsoft.Extensions.Hosting.HostOptions>(o => o.ShutdownTimeout = drain + TimeSpan.FromSeconds(15));
        services.AddSingleton(TimeProvider.System).AddSingleton(home).AddSingleton(home.Paths);
        services.AddOptions<PipelineOptions>().Bind(settings.GetSection(PipelineOptions.Section)).PostConfigure(o =>
        {
            o.WorkDirectory = home.Paths.Work;
            o.HomeId = home.Id;
            o.ImagePrefix = RegistrySettings.ImagePrefix(settings, home.Id);
            (o.LeaseDuration, o.DrainTimeout) = (control.LeaseDuration, drain);
            o.Concurrency = Math.Max(1, o.Concurrency);
        });
        services.AddOptions<BuildLimitOptions>().Bind(settings.GetSection(BuildLimitOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        AddAdapters.ToBuild(services, settings, home);
        services.AddNatsLink(o => settings.GetSection(NatsOptions.Section).Bind(o)).AddNatsWorker(home.Paths.Uploads);
        services.AddSingleton<DeploymentPipeline>().AddSingleton<BuildAdmission>().AddSingleton<DiskReserve>().AddSingleton<ImageBuild>().AddSingleton<DeploymentBuild>();
        services.AddSingleton<IDiskBudget, NoDiskBudget>();
        services.AddProcessMetrics(settings);
        services.AddHostedService<PipelineWorker>().AddHostedService<IdleMemory>();
        return builder.Build();
    }

    private static void AddLogging(ILoggingBuilder logging) => logging.AddSimpleConsole(o => o.SingleLine = true)
        .AddFilter("Microsoft", LogLevel.Warning).AddFilter("System.Net.Http", LogLevel.Warning).AddFilter("Grpc", LogLevel.Warning).AddFilter("NATS", LogLevel.Critical);

    private static void Empty(string folder)
    {
        foreach (var left in Directory.EnumerateDirectories(folder)) Directory.Delete(left, recursive: true);
        foreach (var left in Directory.EnumerateFiles(folder)) File.Delete(left);
    }
}
