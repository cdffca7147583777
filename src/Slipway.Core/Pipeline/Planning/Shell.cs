namespace Slipway.Core.Pipeline.Planning;

/// <summary>Words for <c>/bin/sh</c> in a RUN line.</summary>
internal static class Shell
{
    /// <summary>
    /// One word, whatever is in it. A line break would end the Dockerfile's instruction, quoted or not, so it is refused here;
    /// callers have turned such names down with a Failure before (<see cref="SourcePath.Normalize"/>).
    /// </summary>
    public static string Quote(string word) =>
        word.Any(char.IsControl) ? throw new ArgumentException("A control character cannot be quoted in a Dockerfile.", nameof(word))
        : word.Length > 0 && word.All(IsPlain) ? word
        : "'" + word.Replace("'", @"'\''", StringComparison.Ordinal) + "'";

    /// <summary>Means the same, unquoted, to a shell and to every Dockerfile instruction.</summary>
    public static bool IsPlain(string word) => word.Length > 0 && word[0] != '-' && word.All(IsPlain);

    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '/' or '-' or '+' or '@' or ':' or ',';
}
