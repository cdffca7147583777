namespace Slipway.Cli.Machine;

/// <summary>How an engine that we install where systemd runs is to be; one that is found is never reconfigured.</summary>
internal static class EngineSettings
{
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const string Daemon = "/etc/docker/daemon.json";
    private const string DropIn = Systemd.UnitFolder + "/docker.service.d/slipway.conf";

    /// <summary>Path → text: apps outlive the engine's own restarts, and build logs are bounded by Slipway alone.</summary>
    public static readonly IReadOnlyDictionary<string, string> Texts = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [Daemon] = """
            {
              "live-restore": true
            }

            """,
        [DropIn] = $"""
            # Written by slipway up when it installed the engine.
            [Service]
            {string.Join('\n', Dockerd.BuildLogs.Select(e => $"Environment={e.Key}={e.Value}"))}

            """,
    };

    /// <summary>Before the package, whose installation starts it.</summary>
    public static void WriteBeforeInstall()
    {
        foreach (var (path, text) in Texts)
        {
            // Somebody prepared this machine for an engine: theirs stands.
            if (File.Exists(path)) continue;
            Directory.CreateDirectory(Path.GetDirectoryName(path) ?? "/");
            RunFiles.WriteText(path, text, Readable);
        }
    }
}
