using Slipway.Core;
using Slipway.Edge;
using Slipway.Home;

namespace Slipway.EdgeServer;

/// <summary>Starts the edge of a home, or says why not.</summary>
internal static class EdgeProgram
{
    private const int BadUsage = 2;

    /// <param name="args">None, or <c>--roles edge</c>: it may stand where slipway-server stood.</param>
    public static async Task<int> RunAsync(string[] args, SlipwayHome home)
    {
        if (args is not ([] or ["--roles", "edge"])) return Refuse($"'{string.Join(' ', args)}' means nothing here; this program is the edge alone: slipway-edge, with SLIPWAY_HOME in the environment");
        try
        {
            var problems = HomeCheck.Look(home, ["edge"]).Problems;
            if (problems.Count > 0) return Refuse(string.Join("\nslipway-edge: ", problems));
            await EdgeApp.RunAsync(EdgeHome.Options(home, HomeSettings.Load(home)), CancellationToken.None);
            return 0;
        }
        catch (Exception e) when (e is SettingsException or EdgePortTakenException or EdgePortDeniedException or EdgeAlreadyRunningException)
        {
            return Refuse(e.Message);
        }
    }

    private static int Refuse(string message)
    {
        Console.Error.WriteLine($"slipway-edge: {message}");
        return BadUsage;
    }
}
