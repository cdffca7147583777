using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Core.BuildLogs;
using Slipway.Core.Pipeline.Sourcing;

namespace Slipway.Git;

/// <summary>Unpacks an upload entry by entry; nothing in it may write, link or count beyond what it is allowed.</summary>
internal sealed class UploadExtraction(IOptions<SourceOptions> options)
{
    private const UnixFileMode Permissions = (UnixFileMode)0x1FF;
    private static readonly string[] NeverTaken = [".git", "node_modules"];

    public async Task<Outcome<SourceRef>> ExtractAsync(SourceRef source, string folder, IBuildOutput output, CancellationToken ct)
    {
        var archive = Path.Combine(options.Value.UploadsDirectory, $"{source.Upload}.tar.gz");
        if (!File.Exists(archive)) return new Failure("fetch.upload_missing", "the upload is no longer there", "deploy the folder again");
        try
        {
            await using var file = File.OpenRead(archive);
            await using var gzip = new GZipStream(file, CompressionMode.Decompress);
            await using var tar = new TarReader(gzip);
            var run = new Run(folder, options.Value);
            while (await tar.GetNextEntryAsync(copyData: false, ct) is { } entry)
            {
                if (await run.TakeAsync(entry, ct) is { } refused) return refused;
            }

            run.Finish();
            if (run.Files == 0) return new Failure("fetch.unsafe_archive", "the upload holds no files", "see that the folder is not empty and that .slipwayignore leaves something");
            output.Say($"unpacked {run.Files} files, {run.Bytes >> 10} KiB", "fetch");
            return source;
        }
        catch (Exception e) when (e is InvalidDataException or FormatException or EndOfStreamException or ArgumentException || e is IOException { InnerException: InvalidDataException })
        {
            return new Failure("fetch.unsafe_archive", $"the upload is no whole .tar.gz: {e.Message}", "upload it again");
        }
    }

    private sealed class Run(string root, SourceOptions options)
    {
        private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
        private readonly List<(string Folder, DateTime Time)> _times = [];

        public int Files { get; private set; }

        public long Bytes { get; private set; }

        public async Task<Failure?> TakeAsync(TarEntry entry, CancellationToken ct)
        {
            if (entry.EntryType is TarEntryType.GlobalExtendedAttributes) return null;
            var name = entry.Name.EndsWith('/') ? entry.Name[..^1] : entry.Name;
            if (name is "." or "") return null;
            if (name.StartsWith("./", StringComparison.Ordinal)) name = name[2..];
            if (WhyBadName(name) is { } bad) return Refuse(name, bad);
            if (name.Split('/').Any(NeverTaken.Contains)) return null;
            if (!_taken.Add(name) && entry.EntryType != TarEntryType.Directory) return Refuse(name, "comes twice");
            if (++Files > options.MaxFiles) return TooLarge($"more than {options.MaxFiles} files");

            var full = Path.Combine(root, name);
            if (ThroughLink(name) is { } link) return Refuse(name, $"would be written through the link '{link}'");
            Directory.CreateDirectory(Path.GetDirectoryName(full) ?? root);
            switch (entry.EntryType)
            {
                case TarEntryType.Directory:
                    Files--;
                    Directory.CreateDirectory(full);
                    _times.Add((full, entry.ModificationTime.UtcDateTime));
                    return null;
                case TarEntryType.RegularFile or TarEntryType.V7RegularFile:
                    return await WriteAsync(entry, name, full, ct);
                case TarEntryType.SymbolicLink:
                    if (entry.LinkName.Contains('\0') || TreeCheck.Escapes(root, full, entry.LinkName)) return new Failure("fetch.symlink_escape", $"the symbolic link '{Show(name)}' leads out of the source (to '{Show(entry.LinkName)}')", "replace it by the file itself");
                    File.CreateSymbolicLink(full, entry.LinkName);
                    return null;
                default:
                    return Refuse(name, $"is a {entry.EntryType}; only files, folders and symbolic links are taken");
            }
        }

        /// <summary>Folders' times last, for each write below changes them.</summary>
        public void Finish()
        {
            foreach (var (folder, time) in Enumerable.Reverse(_times)) Directory.SetLastWriteTimeUtc(folder, time);
        }

        private async Task<Failure?> WriteAsync(TarEntry entry, string name, string full, CancellationToken ct)
        {
            Bytes += entry.Length;
            if (Bytes > options.MaxBytes) return TooLarge($"more than {options.MaxBytes >> 20} MiB");
            await using (var file = new FileStream(full, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = (entry.Mode & Permissions) | UnixFileMode.UserRead | UnixFileMode.UserWrite }))
            {
                if (entry.DataStream is { } data) await data.CopyToAsync(file, ct);
                if (file.Length != entry.Length) return Refuse(name, "is not as long as it says");
            }

            File.SetLastWriteTimeUtc(full, entry.ModificationTime.UtcDateTime);
            return null;
        }

        private string? ThroughLink(string name)
        {
            for (var at = name; (at = Path.GetDirectoryName(at)) is { Length: > 0 };)
            {
                if (new DirectoryInfo(Path.Combine(root, at)).LinkTarget is not null) return at;
            }

            return null;
        }

        private static string? WhyBadName(string name) => name switch
        {
            _ when name.StartsWith('/') => "is absolute",
            _ when name.Contains('\\') || name.Contains('\0') || name.Any(char.IsControl) => "holds a character that no file name may have",
            _ when name.Length > 1 && name[1] == ':' && char.IsAsciiLetter(name[0]) => "begins with a drive letter",
            _ when name.Split('/').Any(p => p is ".." or "" or ".") => "leaves the source",
            _ when name.Split('/').Any(p => Encoding.UTF8.GetByteCount(p) > 255) || name.Length > 4000 => "is too long a name",
            _ => null,
        };

        private static Failure Refuse(string name, string why) => new("fetch.unsafe_archive", $"the archive's entry '{Show(name)}' {why}", "make the archive anew without it");

        private static Failure TooLarge(string what) => new("fetch.too_large", $"the upload holds {what}", "leave out what the build makes itself by .slipwayignore");

        private static string Show(string text) => new([.. text.Take(120).Select(c => char.IsControl(c) ? '?' : c)]);
    }
}
