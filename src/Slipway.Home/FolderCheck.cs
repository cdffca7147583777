using Slipway.Host;

namespace Slipway.Home;

/// <summary>Whether this user may make files in a folder, which is made where it is missing.</summary>
public static class FolderCheck
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <returns>What is wrong and what to do, in one line; null when nothing is.</returns>
    public static string? Look(string what, string path)
    {
        try
        {
            Directory.CreateDirectory(path, Private);
            var probe = Path.Combine(path, $".writable-{Guid.NewGuid():N}");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            var self = ProcessIdentity.Read();
            var whose = FileOwner.Of(path) is { } owner ? $"it is of user {owner.User}, group {owner.Group}, mode 0{Convert.ToString(owner.Mode & 0xFFF, 8)}" : "a folder above it is closed to this user";
            var group = FileOwner.Of(path) is { } o && (o.Mode & (int)UnixFileMode.GroupWrite) != 0 ? $"give this process that group (in compose group_add: [\"{o.Group}\"])" : $"give it to this user: chown -R {self.User} {path}";
            return $"{what} {path} may not be written by {self}: {whose}; {group}";
        }
        catch (IOException e)
        {
            return $"{what} {path} may not be written: {e.Message}; a read-only file system needs a volume there";
        }
    }
}
