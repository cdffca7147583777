using Slipway.Core;
using Slipway.Edge;
using Slipway.Server.Hosting;

namespace Slipway.Server.Roles;

/// <summary>Reads <c>--roles</c> and starts what it names. The edge and the firewall run alone, in processes of their own.</summary>
internal static class ServerRoles
{
    private static readonly string[] Control = ["api", "worker", "runtime", "dashboard"];

    public static async Task<int> RunAsync(string[] args)
    {
        var roles = Parse(args);
        var unknown = roles.Except([.. Control, "edge", "firewall"]).ToArray();
        if (unknown.Length > 0) return Refuse($"unknown role '{unknown[0]}'; there are: {string.Join(", ", Control)}, edge, firewall");
        if (roles.Contains("edge") && roles.Length > 1) return Refuse("the edge runs in a process of its own: --roles edge");
        try
        {
            var home = HomeFolder.Open(SlipwayHome.FromEnvironment());
            return roles switch
            {
                ["edge"] => await EdgeRole.RunAsync(home, args),
                ["firewall"] => await FirewallRole.RunAsync(home, args),
                _ => await ControlPlaneRole.RunAsync(home, args),
            };
        }
        catch (Exception e) when (e is SettingsException or EdgePortTakenException)
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
