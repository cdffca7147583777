using System.Formats.Tar;
using System.IO.Compression;
using System.IO.Pipelines;
using Slipway.Cli.CommandLine;

namespace Slipway.Cli.Sources;

/// <summary>Packs a scanned folder as a .tar.gz: the same files give the same bytes (order, owners and times come from nothing but the files).</summary>
internal static class FolderArchive
{
    /// <summary>A stream to read while the packing goes on behind it; a file that cannot be read surfaces at the reader.</summary>
    public static Stream Open(FolderScan scan, CancellationToken ct)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 4 << 20, resumeWriterThreshold: 2 << 20));
        _ = Task.Run(() => PackAsync(scan, pipe.Writer, ct), ct);
        return pipe.Reader.AsStream();
    }

    private static async Task PackAsync(FolderScan scan, PipeWriter to, CancellationToken ct)
    {
        try
        {
            await WriteAsync(scan, to.AsStream(leaveOpen: true), ct);
            await to.CompleteAsync();
        }
        catch (Exception e)
        {
            await to.CompleteAsync(e);
        }
    }

    public static async Task WriteAsync(FolderScan scan, Stream to, CancellationToken ct)
    {
        await using var zip = new GZipStream(to, CompressionLevel.Fastest, leaveOpen: true);
        await using var tar = new TarWriter(zip, TarEntryFormat.Pax, leaveOpen: true);
        foreach (var entry in scan.Entries) await WriteAsync(tar, scan.Root, entry, ct);
    }

    private static async Task WriteAsync(TarWriter tar, string root, FolderEntry entry, CancellationToken ct)
    {
        var header = new PaxTarEntry(TypeOf(entry.Facts.Kind), entry.Facts.Kind == FileKind.Folder ? entry.Path + "/" : entry.Path, Times(entry.Facts.Modified))
        {
            Mode = entry.Facts.Kind == FileKind.Link ? (UnixFileMode)0x1FF : entry.Facts.Mode,
            ModificationTime = entry.Facts.Modified,
        };
        if (entry.LinkTarget is { } target) header.LinkName = target;
        if (entry.Facts.Kind != FileKind.File)
        {
            await tar.WriteEntryAsync(header, ct);
            return;
        }

        await using var file = Read(root, entry.Path);
        header.DataStream = file;
        await tar.WriteEntryAsync(header, ct);
    }

    private static FileStream Read(string root, string path)
    {
        try
        {
            return new FileStream(Path.Combine(root, path), new FileStreamOptions { Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CliError.Usage("source.unreadable", $"{path} cannot be read: {e.Message}", "dir", "make it readable for you, or leave it out with a line in .slipwayignore");
        }
    }

    private static TarEntryType TypeOf(FileKind kind) => kind switch
    {
        FileKind.Folder => TarEntryType.Directory,
        FileKind.Link => TarEntryType.SymbolicLink,
        _ => TarEntryType.RegularFile,
    };

    /// <summary>Stated, because the writer would put the present moment there.</summary>
    private static Dictionary<string, string> Times(DateTimeOffset modified)
    {
        var since = modified - DateTimeOffset.UnixEpoch;
        var text = FormattableString.Invariant($"{since.Ticks / TimeSpan.TicksPerSecond}.{Math.Abs(since.Ticks % TimeSpan.TicksPerSecond):D7}");
        return new Dictionary<string, string> { ["atime"] = text, ["ctime"] = text, ["mtime"] = text };
    }
}
