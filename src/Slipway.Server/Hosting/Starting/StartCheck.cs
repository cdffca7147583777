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
        var problems = new List<string?> { FolderCheck.Look("the home", home.Root), FolderCheck.Look("the run folder", home.Run) };
        // Its settings can't be read either.
        if (problems[0] is null)
        {
            var settings = HomeSettings.Load(new HomeFolder(home, "", ""));
            problems.AddRange(SecretCheck.Look(settings, roles));
            if (roles.Any(WithEngine.Contains)) problems.Add(await SocketCheck.LookAsync("the Docker Engine's socket", EngineSocket.Of(settings), ct));
            if (roles.Any(Control.Contains) && problems[1] is null) problems.Add(await SocketCheck.LookAsync("the edge's admin socket", home.EdgeSocket, ct));
        }

        var found = problems.OfType<string>().ToArray();
        if (found.Length > 0) throw new SettingsException(string.Join("\nslipway-server: ", found));
    }
}
