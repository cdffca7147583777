using System.Text.Json;

namespace Slipway.Docker;

/// <summary>Reads <c>GET /system/df</c> in its older and its newer shape. Pure.</summary>
internal static class EngineUsageAnswer
{
    public static EngineUsage Read(JsonElement answer, string homeId) =>
        new(Number(answer, "LayersSize") ?? Total(answer, "ImageUsage") ?? Total(answer, "ImagesDiskUsage") ?? 0,
            CacheRecords(answer) ?? Total(answer, "BuildCacheUsage") ?? Total(answer, "BuildCacheDiskUsage") ?? 0,
            OwnBytes([.. Images(answer).Where(image => IsOurs(image, homeId))]));

    /// <summary>What each has alone, and once what the largest share of them has in common with others: at least so much is there for them.</summary>
    private static long OwnBytes(IReadOnlyList<JsonElement> images) =>
        images.Sum(image => (Number(image, "Size") ?? 0) - Shared(image)) + images.Select(Shared).DefaultIfEmpty().Max();

    private static long Shared(JsonElement image) => Math.Max(0, Number(image, "SharedSize") ?? 0);

    private static long? CacheRecords(JsonElement answer)
    {
        if (!answer.TryGetProperty("BuildCache", out var records)) return null;
        if (records.ValueKind != JsonValueKind.Array) return 0;
        // A shared record is a layer of an image, counted there.
        return records.EnumerateArray()
            .Where(record => !(record.TryGetProperty("Shared", out var shared) && shared.ValueKind == JsonValueKind.True))
            .Sum(record => Number(record, "Size") ?? 0);
    }

    private static IEnumerable<JsonElement> Images(JsonElement answer)
    {
        if (answer.TryGetProperty("Images", out var images) && images.ValueKind == JsonValueKind.Array) return images.EnumerateArray();
        return answer.TryGetProperty("ImageUsage", out var usage) && usage.TryGetProperty("Items", out images) && images.ValueKind == JsonValueKind.Array ? images.EnumerateArray() : [];
    }

    private static bool IsOurs(JsonElement image, string homeId) =>
        image.TryGetProperty("Labels", out var labels) && labels.ValueKind == JsonValueKind.Object && labels.TryGetProperty("slipway.home", out var home) && home.ValueEquals(homeId);

    private static long? Total(JsonElement answer, string name) =>
        answer.TryGetProperty(name, out var usage) && usage.ValueKind == JsonValueKind.Object ? Number(usage, "TotalSize") : null;

    private static long? Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : null;
}
