using System.Net;
using System.Net.Sockets;

namespace Slipway.Server.Hosting;

/// <summary>The API's loopback port: the one it had before, else the first free of a small range, so that links stay good and two homes never clash.</summary>
internal static class ApiPort
{
    private const int First = 7420;
    private const int Count = 200;

    /// <summary>Loopback, unless workers on other hosts or in other containers reach it.</summary>
    public static IPAddress Address(IConfiguration settings) => settings["Slipway:Api:Listen"] is not { Length: > 0 } text ? IPAddress.Loopback
        : IPAddress.TryParse(text, out var address) ? address : throw new SettingsException($"Slipway:Api:Listen is '{text}', which is no address; give one such as 127.0.0.1 or 0.0.0.0");

    public static int Choose(HomeFolder home, IConfiguration settings)
    {
        if (settings.GetValue<int?>("Slipway:Api:Port") is { } wanted)
        {
            return IsFree(wanted) ? wanted : throw new SettingsException($"port {wanted} for the API is taken; free it or set Slipway:Api:Port to another");
        }

        var file = Path.Combine(home.Paths.Root, "api.port");
        if (File.Exists(file) && int.TryParse(File.ReadAllText(file), out var last) && IsFree(last)) return last;
        var port = Enumerable.Range(First, Count).FirstOrDefault(IsFree);
        if (port == 0) throw new SettingsException($"no port from {First} to {First + Count - 1} is free for the API; set Slipway:Api:Port");
        File.WriteAllText(file, port.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return port;
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
