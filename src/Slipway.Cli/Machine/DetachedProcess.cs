using System.ComponentModel;
using System.Runtime.InteropServices;
using Slipway.Cli.CommandLine;

namespace Slipway.Cli.Machine;

/// <summary>
/// Starts a program that outlives us: its own session, stdin from nowhere, output appended to a file.
/// By posix_spawn, because .NET can give a child only pipes to us, which break when we leave.
/// </summary>
internal static unsafe partial class DetachedProcess
{
    private const short SetSignalDefaults = 0x04;
    private const short SetSignalMask = 0x08;
    private const short SetSession = 0x80;
    private const int WriteOnly = 0x1;
    private const int Create = 0x40;
    private const int Append = 0x400;
    private const uint OwnerOnly = 0x180;

    /// <summary>glibc's and musl's structures are smaller (80, 336 and 128 bytes).</summary>
    private const int StructureBytes = 512;

    /// <returns>The process id.</returns>
    /// <exception cref="CliError">The program cannot be started.</exception>
    public static int Start(string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, string workingDirectory, string logFile)
    {
        var actions = NativeMemory.AllocZeroed(StructureBytes);
        var attributes = NativeMemory.AllocZeroed(StructureBytes);
        try
        {
            Check(FileActionsInit(actions), program);
            Check(AddOpen(actions, 0, "/dev/null", 0, 0), program);
            Check(AddOpen(actions, 1, logFile, WriteOnly | Create | Append, OwnerOnly), logFile);
            Check(AddDuplicate(actions, 1, 2), program);
            Check(AddChangeDirectory(actions, workingDirectory), workingDirectory);
            Check(AttributesInit(attributes), program);
            SetCleanSignals(attributes, program);
            Check(SetFlags(attributes, SetSignalDefaults | SetSignalMask | SetSession), program);
            string?[] argv = [program, .. arguments, null];
            string?[] envp = [.. environment.Select(e => $"{e.Key}={e.Value}"), null];
            Check(Spawn(out var pid, program, actions, attributes, argv, envp), program);
            return pid;
        }
        finally
        {
            NativeMemory.Free(actions);
            NativeMemory.Free(attributes);
        }
    }

    /// <summary>Our runtime ignores SIGPIPE and may block others; a daemon starts afresh.</summary>
    private static void SetCleanSignals(void* attributes, string program)
    {
        var set = NativeMemory.AllocZeroed(StructureBytes);
        try
        {
            Check(SetMask(attributes, set), program);
            new Span<byte>(set, StructureBytes).Fill(0xFF);
            Check(SetDefaults(attributes, set), program);
        }
        finally
        {
            NativeMemory.Free(set);
        }
    }

    private static void Check(int error, string what)
    {
        if (error != 0) throw CliError.Broken("machine.start_failed", $"{what}: {new Win32Exception(error).Message}");
    }

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int FileActionsInit(void* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AddOpen(void* actions, int descriptor, string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    private static partial int AddDuplicate(void* actions, int from, int to);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addchdir_np", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AddChangeDirectory(void* actions, string path);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    private static partial int AttributesInit(void* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    private static partial int SetDefaults(void* attributes, void* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    private static partial int SetMask(void* attributes, void* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    private static partial int SetFlags(void* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawn", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Spawn(out int pid, string path, void* actions, void* attributes, string?[] argv, string?[] envp);
}
