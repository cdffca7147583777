using System.Formats.Tar;
using System.IO.Compression;
using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Core.BuildLogs;
using Slipway.Core.Pipeline.Sourcing;

namespace Slipway.Git;

/// <summary>Unpacks an upload entry by entry; nothing in it may write, link or count beyond what it is allowed.</summary>
internal sealed class UploadExtraction(IOptions<SourceOptions> options)
{
    public async Task<Outcome<SourceRef>> ExtractAsync(SourceRef source, string folder, IBuildOutput output, CancellationToken ct)
    {
        var archive = Path.Combine(options.Value.UploadsDirectory, $"{source.Upload}.tar.gz");
        if (source.Upload is null || !File.Exists(archive)) return new Failure("fetch.upload_missing", "the upload is no longer there", "deploy the folder again");
        try
        {
            await using var file = File.OpenRead(archive);
            await using var gzip = new GZipStream(file, CompressionMode.Decompress);
            await using var bounded = new BoundedReads(gzip);
            var unpacked = new UnpackedTree(folder, options.Value.Limits, file.Length);
            await using (var tar = new TarReader(bounded, leaveOpen: true))
            {
                while (await tar.GetNextEntryAsync(copyData: false, ct) is { } entry)
                {
                    if (await unpacked.TakeAsync(entry, ct) is { } refused) return refused;
                }
            }

            // The end of the tar is not the end of the gzip: its checksum tells whether all of it came.
            await bounded.DrainAsync(ct);
            unpacked.SetFolderTimes();
            if (unpacked.Files == 0) return new Failure("fetch.unsafe_archive", "the upload holds no files", "see that the folder is not empty and that .slipwayignore leaves something");
            output.Say($"unpacked {unpacked.Files} files, {unpacked.Bytes >> 10} KiB", "fetch");
            return source;
        }
        catch (Exception e) when (e is InvalidDataException or FormatException or EndOfStreamException or ArgumentException or NotSupportedException || e.InnerException is InvalidDataException)
        {
            return new Failure("fetch.unsafe_archive", $"the upload is no whole .tar.gz: {Shown.Name(e.Message)}", "upload it again");
        }
    }
}
