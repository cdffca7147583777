using System.Runtime.InteropServices;
using Slipway.Cli.CommandLine;

namespace Slipway.Cli.Stack;

/// <summary>Files and folders of one user, by numbers that need no entry in passwd.</summary>
internal static partial class FileOwner
{
    private const UnixFileMode ReadOnly = UnixFileMode.UserRead;
    private const UnixFileMode Enter = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public static void Folder(string path, int user, int group, UnixFileMode mode = Enter)
    {
        Directory.CreateDirectory(path, Enter);
        Give(path, user, group);
        File.SetUnixFileMode(path, mode);
    }

    /// <summary>Whole or not at all; nobody else can read it at any moment.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content, int user, int group)
    {
        var beside = path + ".new";
        File.Delete(beside);
        using (var file = new FileStream(beside, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = ReadOnly | UnixFileMode.UserWrite })) file.Write(content);
        Give(beside, user, group);
        File.SetUnixFileMode(beside, ReadOnly);
        File.Move(beside, path, overwrite: true);
    }

    public static void Give(string path, int user, int group)
    {
        if (ChangeOwner(path, user, group) != 0) throw CliError.Broken("stack.not_permitted", $"{path} cannot be given to user {user}: {Marshal.GetLastPInvokeErrorMessage()}", "run this as root: each service of the stack has files of its own");
    }

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwner(string path, int user, int group);
}
