using System.Globalization;
using System.Text.RegularExpressions;
using Slipway.Core.Hosting;

namespace Slipway.Core.Pipeline.Building;

/// <summary>A step that failed, and what it ran into → the failure in words. Pure.</summary>
public static partial class LimitFailure
{
    private const int Killed = 137;

    public static bool IsKill(Failure failed) => failed is { Code: "build.step_failed", ExitCode: Killed };

    /// <summary>The same failure when no limit had part in it: a step may run into one, recover, and something else fail later.</summary>
    public static Failure Of(Failure failed, IReadOnlyList<StepHit> hits, StepLimits limits, BuildLimitOptions options)
    {
        if (failed.Code != "build.step_failed") return failed;
        var own = hits.Where(hit => IsOf(failed, hit)).ToList();
        if (own.Any(hit => hit.Limit == StepLimit.Memory)) return OutOfMemory(failed, limits, options);
        return own.Count > 0 ? TooManyProcesses(failed, limits) : failed;
    }

    /// <summary>The engine tells a step's words as they were written, its cgroup those that run: a here-document differs.</summary>
    private static bool IsOf(Failure failed, StepHit hit) =>
        hit.Command is null || failed.ExitCode == Killed || failed.Step is null || failed.Step.Contains("<<", StringComparison.Ordinal) ||
        Squeezed(failed.Step).Contains(Squeezed(hit.Command), StringComparison.Ordinal);

    private static Failure OutOfMemory(Failure failed, StepLimits limits, BuildLimitOptions options)
    {
        var isHalf = limits.MemoryBytes < (long)options.MemoryMegabytes << 20;
        var more = isHalf ? "a build may take half of this machine's memory: give it more memory, or swap" : "raise Slipway:Build:MemoryMegabytes";
        var heap = Math.Max(limits.MemoryBytes >> 20, 256) * 3 / 4;
        return failed with
        {
            Code = "build.out_of_memory",
            Message = $"step {failed.Step} ran out of memory, limit {Size.Of(limits.MemoryBytes)}",
            Hint = string.Create(CultureInfo.InvariantCulture, $"{more}; for Node.js NODE_OPTIONS=--max-old-space-size={heap} makes it tidy up earlier, and fewer parallel workers help"),
        };
    }

    private static Failure TooManyProcesses(Failure failed, StepLimits limits) => failed with
    {
        Code = "build.too_many_processes",
        Message = string.Create(CultureInfo.InvariantCulture, $"step {failed.Step} wanted more than {limits.Processes} processes and threads, the limit"),
        Hint = "let it start fewer at once, or raise Slipway:Build:Processes",
    };

    private static string Squeezed(string text) => Blanks().Replace(text, "");

    [GeneratedRegex(@"[\s\\]+")]
    private static partial Regex Blanks();
}
