using System.Net;
using System.Text.Json;

namespace Slipway.Docker;

/// <summary>
/// Reads <c>GET /containers/json</c>: the addresses on the engine's default bridge of containers that are not ours. RUN steps are
/// there too, but are no containers to the engine, so they are not in the answer. Pure.
/// </summary>
internal static class EngineNeighbours
{
    public static IReadOnlyList<IPAddress> Read(JsonElement containers) =>
        [.. containers.EnumerateArray().Where(container => !IsOurs(container)).Select(Address).OfType<IPAddress>()];

    // What another home of Slipway runs there (the making of base images) needs no more than a build.
    private static bool IsOurs(JsonElement container) =>
        container.TryGetProperty("Names", out var names) && names.ValueKind == JsonValueKind.Array &&
        names.EnumerateArray().Any(name => name.GetString()?.StartsWith("/slipway-", StringComparison.Ordinal) == true);

    private static IPAddress? Address(JsonElement container) =>
        container.TryGetProperty("NetworkSettings", out var settings) && settings.TryGetProperty("Networks", out var networks) &&
        networks.ValueKind == JsonValueKind.Object && networks.TryGetProperty("bridge", out var bridge) &&
        bridge.TryGetProperty("IPAddress", out var text) && IPAddress.TryParse(text.GetString(), out var address)
            ? address
            : null;
}
