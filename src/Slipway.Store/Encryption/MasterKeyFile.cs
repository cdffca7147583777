using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace Slipway.Store.Encryption;

/// <summary>32 random bytes that only the owner may read.</summary>
internal static class MasterKeyFile
{
    private const int Length = 32;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Appears whole or not at all; when two processes race, the first one's stays.</summary>
    public static void Create(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";
        Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        var temporary = Path.Combine(folder, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}");
        try
        {
            using (var file = new FileStream(temporary, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
            {
                file.Write(RandomNumberGenerator.GetBytes(Length));
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // The other process was first.
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    public static byte[] Read(string path, ILogger log)
    {
        var mode = File.GetUnixFileMode(path);
        if ((mode & ~OwnerOnly) != 0)
        {
            log.MasterKeyWasOpen(path, mode);
            File.SetUnixFileMode(path, OwnerOnly);
        }

        var key = File.ReadAllBytes(path);
        return key.Length == Length ? key : throw new StoreStartException($"the master key file {path} holds {key.Length} bytes and must hold {Length}: put it back from your copy");
    }
}
