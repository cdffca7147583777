using Slipway.Core;

namespace Slipway.Server.Hosting.Starting;

/// <summary>What a role must be allowed to open, as the user it runs as, looked at before it takes work; all that is missing is told at once.</summary>
internal static class StartCheck
{
    private static readonly string[] WithEngine = ["api", "worker", "runtime", "dashboard", "fence"];
    private static readonly string[] Control = ["api", "runtime", "dashboard"];

    /// <exception cref="SettingsException">Each thing that is missing, with how to give it.</exception>
    public static async Task RunAsync(SlipwayHome home, string[] roles, CancellationToken ct)
    {
        var seen = HomeCheck.Look(home, roles);
        var problems = seen.Problems.ToList();
        // Sockets are named by settings; the edge's stands in the run folder.
        if (seen.Home is null)
        {
            if (roles.Any(WithEngine.Contains)) Add(await SocketCheck.LookAsync("the Docker Engine's socket", EngineSocket.Of(HomeSettings.Load(home)), ct));
            if (roles.Any(Control.Contains) && seen.Run is null) Add(await SocketCheck.LookAsync("the edge's admin socket", home.EdgeSocket, ct));
        }

        if (problems.Count > 0) throw new SettingsException(string.Join("\nslipway-server: ", problems));

        void Add(string? problem)
        {
            if (problem is not null) problems.Add(problem);
        }
    }
}
