using System.Net;
using System.Net.Sockets;
using Slipway.Edge;
using Slipway.Server.Hosting;

namespace Slipway.Server.Roles;

/// <summary>What users' requests reach: no store, no engine socket, only its table.</summary>
internal static class EdgeRole
{
    public static async Task<int> RunAsync(HomeFolder home, string[] args)
    {
        _ = args;
        var settings = HomeSettings.Load(home);
        var options = new EdgeOptions();
        settings.GetSection(EdgeOptions.Section).Bind(options);
        options.AdminSocket = home.Paths.EdgeSocket;
        options.IsShared = home.Paths.IsRunShared;
        options.TableFile = home.Paths.EdgeTable;
        options.RunFile = RunFiles.PathOf(home.Paths, "edge");
        options.CompanionSocket = home.Paths.CompanionSocket;
        options.Tls.AutomaticFolder = home.Paths.AutomaticCertificates;
        options.Tls.ChallengeFolder = home.Paths.Challenges;
        if (options.Tls.Folder.Length == 0) Directory.CreateDirectory(options.Tls.Folder = Path.Combine(home.Paths.Root, "certificates"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        options.BaseDomain = HomeSettings.BaseDomain(settings);
        options.BindPublic = HomeSettings.IsPublic(settings);
        options.Port = HomeSettings.EdgePort(settings) ?? FirstFree(options.BindPublic);
        if (options.Fault() is { } fault) throw new SettingsException(fault);
        await EdgeApp.RunAsync(options, CancellationToken.None);
        return 0;
    }

    /// <summary>80 where that may be bound and is free, else 8080; a taken 8080 is told by the edge itself.</summary>
    private static int FirstFree(bool isPublic)
    {
        try
        {
            using var listener = new TcpListener(isPublic ? IPAddress.Any : IPAddress.Loopback, 80);
            listener.Start();
            return 80;
        }
        catch (SocketException)
        {
            return 8080;
        }
    }
}
