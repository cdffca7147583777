using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Slipway.Core;
using Slipway.Edge;

namespace Slipway.Home;

/// <summary>The edge of a home: its settings, and where its files are.</summary>
public static class EdgeHome
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <exception cref="SettingsException">A setting cannot be used.</exception>
    public static EdgeOptions Options(SlipwayHome home, IConfiguration settings)
    {
        var options = new EdgeOptions();
        settings.GetSection(EdgeOptions.Section).Bind(options);
        options.AdminSocket = home.EdgeSocket;
        options.IsShared = home.IsRunShared;
        options.TableFile = home.EdgeTable;
        options.RunFile = Path.Combine(home.Run, "edge.json");
        options.CompanionSocket = home.CompanionSocket;
        options.Tls.AutomaticFolder = home.AutomaticCertificates;
        options.Tls.ChallengeFolder = home.Challenges;
        if (options.Tls.Folder.Length == 0) Directory.CreateDirectory(options.Tls.Folder = Path.Combine(home.Root, "certificates"), Private);
        options.BaseDomain = HomeSettings.BaseDomain(settings);
        options.BindPublic = HomeSettings.IsPublic(settings);
        options.Port = HomeSettings.EdgePort(settings) ?? FirstFree(options.BindPublic);
        return options.Fault() is { } fault ? throw new SettingsException(fault) : options;
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
