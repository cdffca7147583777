using System.Globalization;
using System.Text.RegularExpressions;

namespace BuildKit.Client;

/// <summary>The build itself failed: a step exited non-zero, a base image is missing, the Dockerfile does not parse. Trying again does not help.</summary>
public sealed partial class BuildKitSolveException : Exception
{
    internal BuildKitSolveException(string message, Exception inner) : base(message, inner) { }

    /// <summary>Name of the step that failed, as in its <see cref="BuildStep.Name"/>; null when none had begun.</summary>
    public string? Step { get; internal init; }

    /// <summary>The step's exit code; null when it was no command that failed. Old daemons (Engine 20.10) say it only in their text.</summary>
    public int? ExitCode { get; internal init; }

    /// <summary>
    /// Where in the Dockerfile: of one that does not parse always, of a step that failed where the daemon tells (BuildKit 0.9 and
    /// later, not Engine 20.10); else null.
    /// </summary>
    public SourceLocation? Location { get; internal init; }

    /// <summary>The frontend could make no build of the Dockerfile: it does not parse, or asks for what is not there.</summary>
    public bool IsDockerfileInvalid { get; internal init; }

    internal static int? ExitCodeIn(string message) => ExitCodePattern().Match(message) is { Success: true } m ? int.Parse(m.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : null;

    // The command itself is quoted before it and may hold the same words, so: the engine's own phrase (20.10's or today's), then the last code.
    [GeneratedRegex(@"(?:executor failed running|did not complete successfully).*\bexit code: (\d+)", RegexOptions.Singleline)]
    private static partial Regex ExitCodePattern();
}
