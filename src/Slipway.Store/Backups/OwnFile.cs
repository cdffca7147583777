namespace Slipway.Store.Backups;

/// <summary>Files that only their owner may read, from their first byte on.</summary>
internal static class OwnFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static FileStream Make(string path) => new(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly });

    public static void Copy(string from, string to)
    {
        File.Delete(to);
        try
        {
            using var source = File.OpenRead(from);
            using var target = Make(to);
            source.CopyTo(target);
            target.Flush(flushToDisk: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException && !File.Exists(from))
        {
            throw new StoreStartException($"there is no file {from}", e);
        }
    }

    /// <summary>On the disk for good, then under its name.</summary>
    public static void Place(string finished, string path, bool overwrite)
    {
        using (var file = File.OpenHandle(finished, FileMode.Open, FileAccess.ReadWrite)) RandomAccess.FlushToDisk(file);
        File.Move(finished, path, overwrite);
    }
}
