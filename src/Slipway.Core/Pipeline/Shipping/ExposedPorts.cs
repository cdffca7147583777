using System.Globalization;

namespace Slipway.Core.Pipeline.Shipping;

/// <summary>An image's <c>EXPOSE</c> lines, as <c>8080/tcp</c>.</summary>
public static class ExposedPorts
{
    /// <summary>The TCP port when it is exactly one: a guess among several would be a guess.</summary>
    public static int? Only(IEnumerable<string> exposed)
    {
        var ports = exposed.Select(Port).OfType<int>().Distinct().Take(2).ToList();
        return ports is [var only] ? only : null;
    }

    private static int? Port(string text) =>
        text.Split('/') is [var number, .. var protocol] && protocol is [] or ["tcp"] &&
        int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535
            ? port
            : null;
}
