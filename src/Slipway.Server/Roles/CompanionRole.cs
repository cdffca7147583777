using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.Host.Companion;
using Slipway.Server.Hosting;

namespace Slipway.Server.Roles;

/// <summary>Thaws what the edge asks it to, and nothing else: no store, no engine, no token, no network.</summary>
internal static class CompanionRole
{
    public static async Task<int> RunAsync(SlipwayHome home)
    {
        if (!CompanionServer.IsOfUse) throw new SettingsException("the companion thaws apps by their cgroups, which only root may write; without it the control plane wakes them by the engine");
        Directory.CreateDirectory(home.Run, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var only = HomeLock.Take(home, "companion");
        using var ended = new CancellationTokenSource();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);

        using var companion = CompanionServer.Listen(home.CompanionSocket);
        await RunFiles.WriteAsync(home, "companion", new RunFile(Environment.ProcessId, BuildVersion.Text, $"unix://{home.CompanionSocket}", "", false, TimeProvider.System.GetUtcNow()), CancellationToken.None);
        await companion.ServeAsync(ended.Token);
        File.Delete(RunFiles.PathOf(home, "companion"));
        return 0;

        void End(PosixSignalContext signal)
        {
            signal.Cancel = true;
            ended.Cancel();
        }
    }
}
