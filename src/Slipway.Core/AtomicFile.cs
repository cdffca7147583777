using System.Globalization;

namespace Slipway.Core;

/// <summary>
/// A file that is either the old or the new one, never half: written beside, flushed to disk, renamed over. Beside under a name that nobody can guess and
/// that was not there: in a folder that others may write too, a link under a known name would have us write where they want.
/// </summary>
public static class AtomicFile
{
    /// <summary>Read and written by its user alone.</summary>
    public const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Read by all, written by its user.</summary>
    public const UnixFileMode Readable = Own | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <param name="path">In a folder that exists.</param>
    /// <param name="content">All of it.</param>
    /// <param name="mode">Whatever the umask.</param>
    /// <param name="ct">Nothing has changed when it is canceled.</param>
    public static async Task WriteAsync(string path, ReadOnlyMemory<byte> content, UnixFileMode mode, CancellationToken ct)
    {
        var beside = string.Create(CultureInfo.InvariantCulture, $"{path}.{Guid.NewGuid():N}");
        try
        {
            await using (var file = new FileStream(beside, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = mode }))
            {
                await file.WriteAsync(content, ct);
                File.SetUnixFileMode(file.SafeFileHandle, mode);
                file.Flush(flushToDisk: true);
            }

            File.Move(beside, path, overwrite: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }
}
