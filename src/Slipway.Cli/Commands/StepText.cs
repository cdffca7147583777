using Slipway.Cli.Output;
using Slipway.Client;

namespace Slipway.Cli.Commands;

/// <summary>A build's steps in words, one below the other.</summary>
internal static class StepText
{
    private const int TimeWidth = 10;

    public static IEnumerable<string> Lines(IReadOnlyList<StepView> steps, DateTimeOffset now)
    {
        foreach (var s in steps)
        {
            yield return $"{Mark(s.State)} {Time(s, now),TimeWidth}  {PlainText.Of(s.Name)}";
            if (s.Why is { } why) yield return $"  {"",TimeWidth}  not cached: {why}";
        }
    }

    private static char Mark(string state) => state switch { "running" => '▶', "failed" => '✗', "canceled" => '◼', _ => '✓' };

    private static string Time(StepView s, DateTimeOffset now) => s switch
    {
        { State: "cached" } => "cached",
        { DurationMs: { } ms } => Words.Duration(ms),
        { State: "running" } => Words.Duration(now > s.StartedAt ? now - s.StartedAt : TimeSpan.Zero),
        _ => "stopped",
    };
}
