using System.Text.Json;

namespace Slipway.Docker;

/// <summary>Reads <c>GET /system/df</c> in its older and its newer shape. Pure.</summary>
internal static class EngineUsageAnswer
{
    public static EngineUsage Read(JsonElement answer) =>
        new(Number(answer, "LayersSize") ?? Total(answer, "ImageUsage") ?? Total(answer, "ImagesDiskUsage") ?? 0,
            CacheRecords(answer) ?? Total(answer, "BuildCacheUsage") ?? Total(answer, "BuildCacheDiskUsage") ?? 0);

    private static long? CacheRecords(JsonElement answer)
    {
        if (!answer.TryGetProperty("BuildCache", out var records)) return null;
        if (records.ValueKind != JsonValueKind.Array) return 0;
        // A shared record is a layer of an image, counted there.
        return records.EnumerateArray()
            .Where(record => !(record.TryGetProperty("Shared", out var shared) && shared.ValueKind == JsonValueKind.True))
            .Sum(record => Number(record, "Size") ?? 0);
    }

    private static long? Total(JsonElement answer, string name) =>
        answer.TryGetProperty(name, out var usage) && usage.ValueKind == JsonValueKind.Object ? Number(usage, "TotalSize") : null;

    private static long? Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : null;
}
