using System.Text.Json.Serialization;
using Slipway.Core.BuildLogs;

namespace Slipway.Nats;

/// <summary>A line of a log under way: a million of them travel, so names are short and a moment is a number. Its sequence is given where it is stored.</summary>
internal readonly record struct LineWire(
    [property: JsonPropertyName("a")] long Ticks,
    [property: JsonPropertyName("s")] BuildLogStream Stream,
    [property: JsonPropertyName("p")] string? Step,
    [property: JsonPropertyName("t")] string? Text,
    [property: JsonPropertyName("c")] StepChange? Change)
{
    public static LineWire Of(BuildLogLine line) => new(line.At.UtcTicks, line.Stream, line.Step, line.Text, line.Change);

    /// <summary>Null for what no writer sends.</summary>
    public BuildLogLine? Read() =>
        Text is null || Ticks < 0 || Ticks > DateTime.MaxValue.Ticks || !Enum.IsDefined(Stream) ? null : new BuildLogLine(0, new DateTimeOffset(Ticks, TimeSpan.Zero), Stream, Step, Text) { Change = Change };
}
