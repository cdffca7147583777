using Slipway.Cli.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Slipway.Cli.Output;

/// <summary>
/// Where words go. With <c>--json</c> stdout carries the one document and everything else is on stderr; without it what is said
/// and the result are on stdout, warnings and errors on stderr.
/// </summary>
internal sealed class Screen(TextWriter stdout, TextWriter stderr, bool isJson, bool isTerminal)
{
    public bool IsJson => isJson;

    /// <summary>A person watches: spinners and colours are welcome.</summary>
    public bool IsTerminal => isTerminal;

    /// <summary>What is being done.</summary>
    public TextWriter Progress => isJson ? stderr : stdout;

    public TextWriter Errors => stderr;

    /// <summary>The words of a result; nothing with <c>--json</c>, where the document is the result.</summary>
    public void Say(string line)
    {
        if (!isJson) stdout.WriteLine(PlainText.Of(line));
    }

    /// <summary>A line of what is being done.</summary>
    public void Tell(string line) => Progress.WriteLine(PlainText.Of(line));

    public void Warn(string line) => stderr.WriteLine($"warning: {line}");

    public void Document<T>(T value, JsonTypeInfo<T> type)
    {
        if (isJson) stdout.WriteLine(JsonSerializer.Serialize(value, type));
    }

    /// <summary>A piece of a document too long to be held as a whole; nothing without <c>--json</c>.</summary>
    public void Part(string json)
    {
        if (isJson) stdout.Write(json);
    }

    /// <summary>A row of <c>logs</c>: to stdout at once, whatever the mode.</summary>
    public void Row(string line)
    {
        stdout.WriteLine(line);
        stdout.Flush();
    }

    public void Fail(CliError error)
    {
        stderr.WriteLine($"error: {error.Message}");
        if (error.Hint is { } hint) stderr.WriteLine($"  hint: {hint}");
        Document(new ErrorDocument(new ErrorBody(error.Code, error.Message, error.Field, error.Hint)), CliJson.Pretty.ErrorDocument);
    }
}
