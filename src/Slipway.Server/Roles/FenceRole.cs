using Slipway.Core.Hosting;
using Slipway.Core.Pipeline.Building;
using Slipway.Host;
using Slipway.Server.Hosting;

namespace Slipway.Server.Roles;

/// <summary>
/// Keeps the fence up, holds build steps to their limits and is the companion where the run folder is shared, and nothing else: where control
/// plane and workers are in containers and may not. <c>--ask</c> looks whether the fence is in force, and ends.
/// </summary>
internal static class FenceRole
{
    public static async Task<int> RunAsync(HomeFolder home, string[] args)
    {
        var settings = HomeSettings.Load(home.Paths);
        if (args.Contains("--ask")) return await AskAsync(home, settings);
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddConfiguration(settings);
        builder.Logging.AddSimpleConsole(o => o.SingleLine = true).AddFilter("Microsoft", LogLevel.Warning);
        builder.Services.AddSingleton(home).AddSingleton(TimeProvider.System).AddFirewall(settings, home).AddHostedService<FirewallKeeper>();
        if (settings["Slipway:Host:StepReports"] is { Length: > 0 })
        {
            builder.Services.AddStepKeeping().AddSingleton<BuildLimits>().AddHostedService<BuildLimitsKeeper>();
            builder.Services.AddOptions<BuildLimitOptions>().Bind(settings.GetSection(BuildLimitOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        }

        if (home.Paths.IsRunShared) builder.Services.AddHostedService(_ => new CompanionService(home.Paths));
        using var host = builder.Build();
        await host.RunAsync();
        return 0;
    }

    private static async Task<int> AskAsync(HomeFolder home, IConfiguration settings)
    {
        await using var services = new ServiceCollection().AddSingleton(home).AddSingleton(TimeProvider.System).AddLogging().AddFirewall(settings, home).BuildServiceProvider();
        var status = await services.GetRequiredService<IHostControl>().StatusAsync(home.Id, CancellationToken.None);
        Console.WriteLine(Firewall.Describe(status));
        return status is FirewallStatus.Enforced ? 0 : 1;
    }
}
