namespace Slipway.Store.RuntimeLogs;

/// <summary>One file of a deployment's log: <c>{number of its first line in the deployment}-{its first line's number in the home}.log</c>.</summary>
internal sealed class LogSegment(string folder, long firstLine, long firstNumber)
{
    public const string Pattern = "*-*.log";

    /// <summary>From 1; the lines before it are in older segments, or dropped.</summary>
    public long FirstLine { get; } = firstLine;

    public long FirstNumber { get; } = firstNumber;

    public string Path { get; } = System.IO.Path.Combine(folder, $"{firstLine:D12}-{firstNumber:D16}.log");

    /// <summary>Bytes that are whole lines.</summary>
    public long Length { get; set; }

    public long Lines { get; set; }

    /// <summary>No line in it is later.</summary>
    public DateTimeOffset WrittenAt { get; set; }

    public static LogSegment? Of(FileInfo file) => System.IO.Path.GetFileNameWithoutExtension(file.Name).Split('-') is [var line, var number] && long.TryParse(line, out var firstLine) && long.TryParse(number, out var firstNumber)
        ? new(file.DirectoryName ?? "", firstLine, firstNumber) { Length = file.Length, WrittenAt = file.LastWriteTimeUtc }
        : null;
}
