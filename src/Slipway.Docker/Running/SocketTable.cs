using System.Globalization;
using System.Net;

namespace Slipway.Docker.Running;

/// <summary>Who listens where in a container.</summary>
/// <param name="Reachable">Ports open at an address that others reach, ascending.</param>
/// <param name="Loopback">Ports open at 127.0.0.0/8 or ::1.</param>
internal sealed record ListeningSockets(IReadOnlyList<int> Reachable, IReadOnlyList<int> Loopback)
{
    public bool IsOnLoopbackOnly(int port) => Loopback.Contains(port) && !Reachable.Contains(port);
}

/// <summary>Reads the kernel's <c>net/tcp</c> and <c>net/tcp6</c> tables. Pure.</summary>
internal static class SocketTable
{
    private const string Listening = "0A";

    public static ListeningSockets Parse(IEnumerable<string> tcp, IEnumerable<string> tcp6)
    {
        var open = tcp.Concat(tcp6).Select(Listener).OfType<IPEndPoint>().ToList();
        return new(Ports(isLoopback: false), Ports(isLoopback: true));

        List<int> Ports(bool isLoopback) =>
            [.. open.Where(socket => IsLoopback(socket.Address) == isLoopback).Select(socket => socket.Port).Distinct().Order()];
    }

    private static bool IsLoopback(IPAddress address) =>
        IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);

    /// <summary><c>  0: 0100007F:1F90 00000000:0000 0A …</c></summary>
    private static IPEndPoint? Listener(string line)
    {
        var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields is not [_, var local, _, Listening, ..] || local.Split(':') is not [var address, var port]) return null;
        return int.TryParse(port, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var number) && Address(address) is { } at
            ? new IPEndPoint(at, number)
            : null;
    }

    // Each group of four bytes is a number in the machine's order, so it is printed back to front.
    private static IPAddress? Address(string hex)
    {
        if (hex.Length is not (8 or 32) || !hex.All(char.IsAsciiHexDigit)) return null;
        var bytes = Convert.FromHexString(hex);
        if (BitConverter.IsLittleEndian)
            for (var word = 0; word < bytes.Length; word += 4)
                Array.Reverse(bytes, word, 4);
        return new IPAddress(bytes);
    }
}
