using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Slipway.Cli.CommandLine;

namespace Slipway.Cli.Stack;

/// <summary>Files and folders of one user, by numbers that need no entry in passwd. Never by way of a link: some of these folders are written by services, and we are root.</summary>
internal static partial class FileOwner
{
    public const UnixFileMode ForAll = Enter | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
    private const UnixFileMode ReadOnly = UnixFileMode.UserRead;
    private const UnixFileMode Enter = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public static void Folder(string path, int user, int group, UnixFileMode mode = Enter)
    {
        Directory.CreateDirectory(path, Enter);
        if (new DirectoryInfo(path).LinkTarget is { } target) throw CliError.Broken("stack.link", $"{path} leads to {target}", "a folder of the stack is no link: remove it, and use a mount to keep it elsewhere");
        Give(path, user, group);
        File.SetUnixFileMode(path, mode);
    }

    /// <summary>Whole or not at all; nobody else can read it at any moment.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content, int user, int group)
    {
        var beside = path + ".new";
        File.Delete(beside);
        using (var file = new FileStream(beside, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = ReadOnly | UnixFileMode.UserWrite }))
        {
            file.Write(content);
            file.Flush();
            if (ChangeOwner(file.SafeFileHandle, user, group) != 0) throw Refused(beside, user);
            File.SetUnixFileMode(file.SafeFileHandle, ReadOnly);
        }

        File.Move(beside, path, overwrite: true);
    }

    public static void Give(string path, int user, int group)
    {
        if (ChangeOwner(path, user, group) != 0) throw Refused(path, user);
    }

    private static CliError Refused(string path, int user) =>
        CliError.Broken("stack.not_permitted", $"{path} cannot be given to user {user}: {Marshal.GetLastPInvokeErrorMessage()}", "run this as root: each service of the stack has files of its own");

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwner(string path, int user, int group);

    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    private static partial int ChangeOwner(SafeFileHandle file, int user, int group);
}
