namespace Slipway.Cli.Machine;

/// <summary>What a process that we start writes to its log from now on.</summary>
internal sealed class LogTail
{
    private const long MaxBytes = 16 << 20;
    private readonly string _path;
    private readonly long _from;

    private LogTail(string path, long from) => (_path, _from) = (path, from);

    /// <summary>Call before the start: a log that has grown large is set aside first.</summary>
    public static LogTail Open(string path)
    {
        var file = new FileInfo(path);
        if (file.Exists && file.Length > MaxBytes) File.Move(path, path + ".1", overwrite: true);
        return new LogTail(path, File.Exists(path) ? new FileInfo(path).Length : 0);
    }

    public IReadOnlyList<string> Lines(int count)
    {
        if (!File.Exists(_path)) return [];
        using var file = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Seek(Math.Min(_from, file.Length), SeekOrigin.Begin);
        using var reader = new StreamReader(file);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(count)];
    }
}
