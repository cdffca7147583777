using System.Globalization;
using System.Text.RegularExpressions;

namespace BuildKit.Client;

/// <summary>The build itself failed: a step exited non-zero, a base image is missing, the Dockerfile does not parse.</summary>
public sealed partial class BuildKitSolveException : Exception
{
    internal BuildKitSolveException(string message, string? step, Exception inner) : base(message, inner)
    {
        Step = step;
        ExitCode = ExitCodePattern().Match(message) is { Success: true } m ? int.Parse(m.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : null;
    }

    /// <summary>Name of the step that failed, as in its <see cref="BuildStep.Name"/>; null when none had begun.</summary>
    public string? Step { get; }

    /// <summary>The step's exit code; null when it was no command that failed. The daemon says it only in its text ("exit code: N").</summary>
    public int? ExitCode { get; }

    // The command itself is quoted before it and may hold the same words, so: the engine's own phrase (20.10's or today's), then the last code.
    [GeneratedRegex(@"(?:executor failed running|did not complete successfully).*\bexit code: (\d+)", RegexOptions.Singleline)]
    private static partial Regex ExitCodePattern();
}
