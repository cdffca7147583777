using System.Globalization;

namespace Slipway.Server.Hosting;

/// <summary>The backups of one folder, by the time in their names; other files in it are none of ours.</summary>
internal sealed class BackupFolder(string path)
{
    private const string Prefix = "slipway-";
    private const string Suffix = ".db";
    private const string Stamp = "yyyyMMdd-HHmmss";

    public string NameFor(DateTimeOffset at) => Path.Combine(path, Prefix + at.UtcDateTime.ToString(Stamp, CultureInfo.InvariantCulture) + Suffix);

    /// <summary>The newest first.</summary>
    public IReadOnlyList<(string File, DateTimeOffset At)> List() =>
        [.. Directory.EnumerateFiles(path, $"{Prefix}*{Suffix}").Select(file => (File: file, At: TimeOf(file))).Where(b => b.At is not null).Select(b => (b.File, b.At!.Value)).OrderByDescending(b => b.Value)];

    public IReadOnlyList<string> RemoveBeyond(int keep)
    {
        var old = List().Skip(keep).Select(b => b.File).ToList();
        old.ForEach(File.Delete);
        return old;
    }

    private static DateTimeOffset? TimeOf(string file) =>
        DateTimeOffset.TryParseExact(Path.GetFileName(file)[Prefix.Length..^Suffix.Length], Stamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;
}
