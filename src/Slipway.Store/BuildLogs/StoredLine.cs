using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Core.BuildLogs;
using Slipway.Store.Database;

namespace Slipway.Store.BuildLogs;

/// <summary>A line inside a chunk; its sequence follows from the chunk's.</summary>
internal readonly record struct StoredLine(
    [property: JsonPropertyName("a")] long Ticks,
    [property: JsonPropertyName("s")] BuildLogStream Stream,
    [property: JsonPropertyName("p")] string? Step,
    [property: JsonPropertyName("t")] string Text,
    [property: JsonPropertyName("c")] StepChange? Change)
{
    /// <summary>Below this gzip costs more than it saves.</summary>
    private const int WorthCompressing = 512;

    /// <summary>JSON, gzipped when it is long; which of the two its first byte says.</summary>
    public static byte[] Pack(IReadOnlyList<BuildLogLine> lines)
    {
        var stored = lines.Select(line => new StoredLine(line.At.UtcTicks, line.Stream, line.Step, line.Text, line.Change)).ToArray();
        if (lines.Sum(line => line.Text.Length) < WorthCompressing) return JsonSerializer.SerializeToUtf8Bytes(stored, StoreJson.Default.StoredLineArray);

        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) JsonSerializer.Serialize(gzip, stored, StoreJson.Default.StoredLineArray);
        return packed.ToArray();
    }

    public static IEnumerable<BuildLogLine> Unpack(byte[] payload, long firstSequence)
    {
        using var packed = new MemoryStream(payload);
        using Stream json = payload[0] == (byte)'[' ? packed : new GZipStream(packed, CompressionMode.Decompress);
        var stored = JsonSerializer.Deserialize(json, StoreJson.Default.StoredLineArray) ?? [];
        return stored.Select((line, i) => new BuildLogLine(firstSequence + i, new DateTimeOffset(line.Ticks, TimeSpan.Zero), line.Stream, line.Step, line.Text) { Change = line.Change });
    }
}
