namespace Slipway.Edge;

/// <summary>A file that is either the old or the new one, never half: written beside, flushed to disk, renamed over.</summary>
internal static class AtomicFile
{
    /// <param name="forGroup">The file's group may read it.</param>
    public static async Task WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken ct, bool forGroup = false)
    {
        OwnFolder.Create(Path.GetDirectoryName(path));
        var beside = path + ".new";
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | (forGroup ? UnixFileMode.GroupRead : UnixFileMode.None),
        };
        await using (var stream = new FileStream(beside, options))
        {
            await stream.WriteAsync(content, ct);
            stream.Flush(flushToDisk: true);
        }

        File.Move(beside, path, overwrite: true);
    }
}
