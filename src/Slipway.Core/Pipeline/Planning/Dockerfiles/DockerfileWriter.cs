using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Slipway.Core.Pipeline.Planning.Dockerfiles;

/// <summary>
/// Writes a Dockerfile that Docker 20.10's built-in frontend reads: no heredocs, no <c># syntax=</c>, no <c>--link</c>.
/// A name from the repository becomes an argument here and nothing else.
/// </summary>
internal sealed class DockerfileWriter
{
    /// <summary>Official images keep 1000 for <c>node</c>, ours have no such user; a number needs no entry in /etc/passwd.</summary>
    private const string User = "10001:10001";

    private static readonly JsonSerializerOptions ReadableJson = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly StringBuilder _text = new();
    private int _stages;

    public override string ToString() => _text.ToString();

    public DockerfileWriter Comment(string text) => Line("# " + text);

    public DockerfileWriter From(string image, string? stage = null)
    {
        if (_stages++ > 0) Line("");
        return Line(stage is null ? $"FROM {image}" : $"FROM {image} AS {stage}");
    }

    /// <summary>Docker takes quotes, <c>\</c> and <c>$</c> in a WORKDIR as a shell would.</summary>
    public DockerfileWriter Workdir(string path) => Line("WORKDIR " + (Shell.IsPlain(path) ? path : DoubleQuote(path)));

    /// <summary>Only values of ours.</summary>
    public DockerfileWriter Env(params string[] assignments) => Line("ENV " + string.Join(' ', assignments));

    /// <summary>Only plain names: elsewhere a COPY source is a pattern after it was a quoted word.</summary>
    public DockerfileWriter Copy(IEnumerable<string> sources, string target, string? from = null, bool own = false)
    {
        var words = sources.Append(target).ToList();
        if (!words.TrueForAll(Shell.IsPlain)) throw new ArgumentException($"Not a plain name: {string.Join(' ', words)}", nameof(sources));
        return Line("COPY " + (from is null ? "" : $"--from={from} ") + (own ? $"--chown={User} " : "") + string.Join(' ', words));
    }

    public DockerfileWriter Copy(string source, string target, string? from = null, bool own = false) => Copy([source], target, from, own);

    /// <summary>Commands joined by <c>&amp;&amp;</c>; words from the repository are quoted by the caller (<see cref="Shell.Quote"/>).</summary>
    public DockerfileWriter Run(IReadOnlyList<string> mounts, params IReadOnlyList<string> commands)
    {
        if (commands.Any(c => c.Any(char.IsControl))) throw new ArgumentException("A command is one line.", nameof(commands));
        _text.Append("RUN ");
        foreach (var mount in mounts) _text.Append("--mount=").Append(mount).Append(" \\\n    ");
        return Line(string.Join(" \\\n && ", commands));
    }

    public DockerfileWriter AsUser() => Line("USER " + User);

    public DockerfileWriter Expose(int port) => Line($"EXPOSE {port}");

    /// <summary>The exec form is not expanded, so JSON's escapes are all it needs.</summary>
    public DockerfileWriter Cmd(IReadOnlyList<string> words) =>
        Line($"CMD [{string.Join(", ", words.Select(word => JsonSerializer.Serialize(word, ReadableJson)))}]");

    private DockerfileWriter Line(string text)
    {
        _text.Append(text).Append('\n');
        return this;
    }

    private static string DoubleQuote(string word) =>
        "\"" + word.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("$", @"\$", StringComparison.Ordinal) + "\"";
}
