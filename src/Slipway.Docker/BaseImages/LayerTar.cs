using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace Slipway.Docker.BaseImages;

/// <summary>A tar of files to lay over an image. Everything in it belongs to root.</summary>
internal sealed class LayerTar(string path) : IAsyncDisposable
{
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Executable = Readable | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly TarWriter _writer = new(File.Create(path), TarEntryFormat.Pax);

    /// <summary>Copies the files of an npm tarball for which <paramref name="place"/> names a path in the image.</summary>
    public async Task AddPackageAsync(string tarball, Func<string, string?> place, CancellationToken ct)
    {
        await using var unzipped = new GZipStream(File.OpenRead(tarball), CompressionMode.Decompress);
        await using var reader = new TarReader(unzipped);
        while (await reader.GetNextEntryAsync(cancellationToken: ct) is { } entry)
        {
            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile)) continue;
            if (entry.Name.Split('/').Contains("..")) throw new InvalidDataException($"{tarball} holds a path that leaves it: {entry.Name}");

            // npm packs everything below one folder, usually but not always called package.
            var slash = entry.Name.IndexOf('/', StringComparison.Ordinal);
            if (place(entry.Name[(slash + 1)..]) is not { } target) continue;
            await using var content = await OnDiskAsync(entry.DataStream, ct);
            await WriteAsync(TarEntryType.RegularFile, target, IsProgram(target) ? Executable : Readable, entry.ModificationTime, content, ct);
        }
    }

    /// <summary>The writer takes what it cannot seek in into memory, whole: Node's own program cost the server 330 MiB.</summary>
    private async Task<FileStream?> OnDiskAsync(Stream? content, CancellationToken ct)
    {
        if (content is null) return null;
        var file = new FileStream(path + ".entry", new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose });
        try
        {
            await content.CopyToAsync(file, ct);
            file.Position = 0;
            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    public Task AddLinkAsync(string name, string target, CancellationToken ct) =>
        _writer.WriteEntryAsync(
            new PaxTarEntry(TarEntryType.SymbolicLink, name) { LinkName = target, ModificationTime = DateTimeOffset.UnixEpoch }, ct);

    /// <summary>Copies a folder as it is, symbolic links included.</summary>
    /// <param name="below">Where it goes in the image; "" = its root.</param>
    public async Task AddFolderAsync(string folder, string below, CancellationToken ct)
    {
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos("*", SearchOption.AllDirectories).OrderBy(e => e.FullName, StringComparer.Ordinal))
        {
            var name = Path.Combine(below, Path.GetRelativePath(folder, entry.FullName));
            if (entry.LinkTarget is { } link)
                await AddLinkAsync(name, link, ct);
            else if (entry is DirectoryInfo)
                await WriteAsync(TarEntryType.Directory, name + "/", entry.UnixFileMode, DateTimeOffset.UnixEpoch, null, ct);
            else
            {
                await using var content = File.OpenRead(entry.FullName);
                await WriteAsync(TarEntryType.RegularFile, name, entry.UnixFileMode, DateTimeOffset.UnixEpoch, content, ct);
            }
        }
    }

    public async Task AddFileAsync(string file, string name, CancellationToken ct)
    {
        await using var content = File.OpenRead(file);
        await WriteAsync(TarEntryType.RegularFile, name, File.GetUnixFileMode(file), DateTimeOffset.UnixEpoch, content, ct);
    }

    public async Task AddTextAsync(string name, string text, bool isProgram, CancellationToken ct)
    {
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(text));
        await WriteAsync(TarEntryType.RegularFile, name, isProgram ? Executable : Readable, DateTimeOffset.UnixEpoch, content, ct);
    }

    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    private Task WriteAsync(TarEntryType type, string name, UnixFileMode mode, DateTimeOffset modified, Stream? content, CancellationToken ct)
    {
        var entry = new PaxTarEntry(type, name) { Mode = mode, ModificationTime = modified };

        // A folder refuses even a null.
        if (content is not null) entry.DataStream = content;
        return _writer.WriteEntryAsync(entry, ct);
    }

    /// <summary>npm makes what a package.json calls a program executable; by folder it is the same for those we place. corepack links to what lies beside it.</summary>
    private static bool IsProgram(string target) =>
        Path.GetFileName(Path.GetDirectoryName(target)) is "bin" or "node-gyp-bin" || target.StartsWith("usr/local/lib/node_modules/corepack/dist/", StringComparison.Ordinal);
}
