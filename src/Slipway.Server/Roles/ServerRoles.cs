using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Edge;
using Slipway.Nats;
using Slipway.Server.Hosting;
using Slipway.Server.Hosting.Starting;
using Slipway.Store;

namespace Slipway.Server.Roles;

/// <summary>Reads <c>--roles</c> and starts what it names. The edge, the companion, the firewall and the store's verbs run alone, in processes of their own; so does a worker that is named alone.</summary>
internal static class ServerRoles
{
    private static readonly string[] Control = ["api", "worker", "runtime", "dashboard"];

    private static readonly string[] Alone = ["edge", "companion", "firewall", "fence", "store", "backup", "stack"];

    public static async Task<int> RunAsync(string[] args)
    {
        var roles = Parse(args);
        var unknown = roles.Except([.. Control, .. Alone]).ToArray();
        if (unknown.Length > 0) return Refuse($"unknown role '{unknown[0]}'; there are: {string.Join(", ", [.. Control, .. Alone])}");
        if (roles.Length > 1 && roles.FirstOrDefault(Alone.Contains) is { } alone) return Refuse($"the {alone} runs in a process of its own: --roles {alone}");
        try
        {
            // A verb of the CLI says what is wrong in its own words.
            if (roles is not (["store"] or ["stack"] or ["companion"] or ["firewall"])) await StartCheck.RunAsync(SlipwayHome.FromEnvironment(), roles, CancellationToken.None);
            // Before the home is opened: it needs neither token nor settings.
            if (roles is ["companion"]) return await CompanionRole.RunAsync(SlipwayHome.FromEnvironment());
            if (roles is ["worker"]) return await WorkerRole.RunAsync(SlipwayHome.FromEnvironment(), args);
            var home = HomeFolder.Open(SlipwayHome.FromEnvironment());
            return roles switch
            {
                ["edge"] => await EdgeRole.RunAsync(home),
                ["store"] => await StoreRole.RunAsync(home, args),
                ["stack"] => await StackRole.RunAsync(home, args),
                ["backup"] => await BackupRole.RunAsync(home),
                ["fence"] => await FenceRole.RunAsync(home, args),
                ["firewall"] => await FirewallRole.RunAsync(home, args),
                _ => await ControlPlaneRole.RunAsync(home, roles, args),
            };
        }
        catch (Exception e) when (e is SettingsException or EdgePortTakenException or EdgePortDeniedException or EdgeAlreadyRunningException or StoreStartException or NatsStartException or OptionsValidationException)
        {
            return Refuse(e.Message);
        }
    }

    private static string[] Parse(string[] args)
    {
        var at = Array.IndexOf(args, "--roles");
        return at >= 0 && at + 1 < args.Length ? args[at + 1].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : Control;
    }

    private static int Refuse(string message)
    {
        Console.Error.WriteLine($"slipway-server: {message}");
        return 2;
    }
}
