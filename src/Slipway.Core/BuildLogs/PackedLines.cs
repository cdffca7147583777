using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Core.BuildLogs;

/// <summary>
/// Lines as they are kept and as they travel: JSON with short names, gzipped when it is long; which of the two the first byte says.
/// A million lines go this way, so what a worker has packed is stored as it came.
/// </summary>
public static class PackedLines
{
    /// <summary>Bytes of JSON that a batch of a worker may unpack to: a full one has some 100,000, with every character escaped six times that.</summary>
    public const int MostFromOutside = 4 * 1024 * 1024;

    /// <summary>Below this gzip costs more than it saves.</summary>
    private const int WorthCompressing = 512;

    public static byte[] Pack(IReadOnlyList<BuildLogLine> lines)
    {
        var packed = lines.Select(PackedLine.Of).ToArray();
        if (lines.Sum(line => line.Text.Length) < WorthCompressing) return JsonSerializer.SerializeToUtf8Bytes(packed, PackedJson.Default.PackedLineArray);

        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest)) JsonSerializer.Serialize(gzip, packed, PackedJson.Default.PackedLineArray);
        return stream.ToArray();
    }

    /// <param name="firstSequence">That of the first line; the others follow.</param>
    public static IEnumerable<BuildLogLine> Unpack(byte[] packed, long firstSequence)
    {
        using var bytes = new MemoryStream(packed);
        using Stream json = IsPlain(packed) ? bytes : new GZipStream(bytes, CompressionMode.Decompress);
        var lines = JsonSerializer.Deserialize(json, PackedJson.Default.PackedLineArray) ?? [];
        return lines.Select((line, i) => line.Read(firstSequence + i));
    }

    /// <summary>The same of bytes that anybody may have sent.</summary>
    /// <returns>Null for what <see cref="Pack"/> does not make, and for more than <see cref="MostFromOutside"/>.</returns>
    public static IReadOnlyList<BuildLogLine>? TryUnpack(byte[] packed)
    {
        try
        {
            if (Json(packed) is not { } json || JsonSerializer.Deserialize(json.Span, PackedJson.Default.PackedLineArray) is not { } lines || !Array.TrueForAll(lines, line => line.IsSound)) return null;
            return Array.ConvertAll(lines, line => line.Read(0));
        }
        catch (Exception e) when (e is JsonException or InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>Null when it is longer than allowed.</summary>
    private static ReadOnlyMemory<byte>? Json(byte[] packed)
    {
        if (IsPlain(packed)) return packed.Length <= MostFromOutside ? packed : null;
        using var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var json = new MemoryStream(packed.Length * 8);
        var part = new byte[32 * 1024];
        while (gzip.Read(part) is > 0 and var read)
        {
            if (json.Length + read > MostFromOutside) return null;
            json.Write(part, 0, read);
        }

        return json.GetBuffer().AsMemory(0, (int)json.Length);
    }

    private static bool IsPlain(byte[] packed) => packed is [(byte)'[', ..];
}

/// <summary>A line inside its batch; its sequence follows from the batch's.</summary>
internal readonly record struct PackedLine(
    [property: JsonPropertyName("a")] long Ticks,
    [property: JsonPropertyName("s")] BuildLogStream Stream,
    [property: JsonPropertyName("p")] string? Step,
    [property: JsonPropertyName("t")] string Text,
    [property: JsonPropertyName("c")] StepChange? Change)
{
    /// <summary>What JSON can leave out or say wrongly.</summary>
    [JsonIgnore]
    public bool IsSound => Text is not null && Ticks >= 0 && Ticks <= DateTime.MaxValue.Ticks && Enum.IsDefined(Stream);

    public static PackedLine Of(BuildLogLine line) => new(line.At.UtcTicks, line.Stream, line.Step, line.Text, line.Change);

    public BuildLogLine Read(long sequence) => new(sequence, new DateTimeOffset(Ticks, TimeSpan.Zero), Stream, Step, Text) { Change = Change };
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(PackedLine[]))]
internal sealed partial class PackedJson : JsonSerializerContext;
