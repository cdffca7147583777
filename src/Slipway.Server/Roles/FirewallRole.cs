using Slipway.Core.Hosting;
using Slipway.Docker;
using Slipway.Host;
using HostOptions = Slipway.Host.HostOptions;
using Slipway.Server.Hosting;

namespace Slipway.Server.Roles;

/// <summary>Applies the home's firewall table once and ends: for a oneshot unit at boot.</summary>
internal static class FirewallRole
{
    public static async Task<int> RunAsync(HomeFolder home, string[] args)
    {
        _ = args;
        await using var services = new ServiceCollection().AddSingleton(home).AddSingleton(TimeProvider.System).AddLogging().AddFirewall(HomeSettings.Load(home.Paths), home).BuildServiceProvider();
        var firewall = services.GetRequiredService<Firewall>();
        var status = await firewall.ApplyAsync(CancellationToken.None);
        Console.WriteLine(Firewall.Describe(status));
        // Who switched it off does not want a unit that failed.
        return status is FirewallStatus.Enforced || !firewall.IsWanted ? 0 : 1;
    }

    /// <summary>The fence and what it asks; the control plane keeps it up with the same parts.</summary>
    public static IServiceCollection AddFirewall(this IServiceCollection services, IConfiguration settings, HomeFolder home) => services
        .AddDocker(o =>
        {
            settings.GetSection(DockerOptions.Section).Bind(o);
            o.HomeId = home.Id;
            o.Registry = settings["Slipway:Registry:Address"] ?? "";
        })
        .AddHostControl(o => settings.GetSection(HostOptions.Section).Bind(o))
        .AddSingleton<WaysFile>().AddSingleton<Firewall>();
}
