namespace Slipway.Cli.CommandLine;

/// <summary>Ends a verb with words for the user: what is wrong, with which field, and what to do.</summary>
internal sealed class CliError : Exception
{
    public CliError(int exitCode, string code, string message, string? field = null, string? hint = null, Exception? inner = null)
        : base(message, inner)
    {
        ExitCode = exitCode;
        Code = code;
        Field = field;
        Hint = hint;
    }

    public int ExitCode { get; }

    public string Code { get; }

    public string? Field { get; }

    public string? Hint { get; }

    public static CliError Usage(string code, string message, string? field = null, string? hint = null) => new(CommandLine.ExitCode.Usage, code, message, field, hint);

    public static CliError Broken(string code, string message, string? hint = null, Exception? inner = null) => new(CommandLine.ExitCode.Broken, code, message, null, hint, inner);
}
