using System.Globalization;
using System.Net;

namespace Slipway.StaticSite;

/// <param name="Root">The folder: first argument, else SLIPWAY_SITE, else /site.</param>
/// <param name="Port">PORT, else 3000. 0 takes any free port.</param>
/// <param name="IsSpa">SLIPWAY_SPA=1: unknown pages get index.html.</param>
internal sealed record StaticSiteOptions(string Root, ushort Port, bool IsSpa)
{
    public IPAddress Address { get; init; } = IPAddress.Any;

    /// <summary>Null when PORT makes no sense.</summary>
    public static StaticSiteOptions? Read(string[] args, Func<string, string?> environment)
    {
        var root = args is [var first, ..] ? first : environment("SLIPWAY_SITE") is { Length: > 0 } named ? named : "/site";
        var port = environment("PORT") is { Length: > 0 } text ? text : "3000";
        return ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new(Path.GetFullPath(root), number, environment("SLIPWAY_SPA") == "1")
            : null;
    }
}
