using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Slipway.Core;
using Slipway.Core.Hosting;

namespace Slipway.Host.Cgroups;

/// <summary>
/// A step that runs, and the descriptors that wake when it runs into a limit. Its counters vanish with its cgroup a few
/// milliseconds after its end, so they are read at the kernel's own word and not afterwards.
/// </summary>
internal sealed class HeldStep : IDisposable
{
    private readonly SafeFileHandle? _memory;
    private readonly SafeFileHandle? _event;
    private SafeFileHandle? _processes;

    public HeldStep(CgroupTree tree, string cgroup, DeploymentId? build, string? command)
    {
        (Build, Command) = (build, command);
        if (tree.IsUnified)
        {
            _memory = Open(Path.Combine(tree.Folder("", cgroup), "memory.events"));
            return;
        }

        var folder = tree.Folder("memory", cgroup);
        _memory = Open(Path.Combine(folder, "memory.oom_control"));
        if (_memory is null) return;
        _event = Native.NewEvent();
        File.WriteAllText(Path.Combine(folder, "cgroup.event_control"), string.Create(CultureInfo.InvariantCulture, $"{_event.DangerousGetHandle()} {_memory.DangerousGetHandle()}"));
    }

    public DeploymentId? Build { get; }

    public string? Command { get; }

    /// <summary>In version 1 the folder comes some moments after the one of memory.</summary>
    public void WatchProcesses(CgroupTree tree, string cgroup) => _processes ??= Open(Path.Combine(tree.Folder("pids", cgroup), "pids.events"));

    /// <summary>What to wait for: an eventfd becomes readable, a cgroup's file tells of a change as an exception.</summary>
    public IEnumerable<(SafeFileHandle Handle, short Wanted, StepLimit Limit)> Waits()
    {
        if (_event is not null) yield return (_event, Native.PollIn, StepLimit.Memory);
        else if (_memory is not null) yield return (_memory, Native.PollPriority, StepLimit.Memory);
        if (_processes is not null) yield return (_processes, Native.PollPriority, StepLimit.Processes);
    }

    /// <summary>Called when one of them woke.</summary>
    public bool RanInto(StepLimit limit)
    {
        if (limit == StepLimit.Processes) return Number(_processes, "max") > 0;
        if (_event is null) return Number(_memory, "oom_kill") > 0;
        var count = new byte[8];
        Native.Read(_event, count);
        // The end of the cgroup counts as one event; with more, somebody was out of memory before it.
        return BinaryPrimitives.ReadInt64LittleEndian(count) > 1 || Number(_memory, "oom_kill") > 0 || Number(_memory, "under_oom") > 0;
    }

    public void Dispose()
    {
        _event?.Dispose();
        _memory?.Dispose();
        _processes?.Dispose();
    }

    /// <summary>A file of <c>name value</c> lines; 0 when it is gone.</summary>
    private static long Number(SafeFileHandle? file, string name)
    {
        if (file is null) return 0;
        try
        {
            var buffer = new byte[512];
            var text = Encoding.ASCII.GetString(buffer, 0, RandomAccess.Read(file, buffer, 0));
            return text.Split('\n').Select(line => line.Split(' ')).Where(words => words is [_, _] && words[0] == name)
                .Select(words => long.Parse(words[1], CultureInfo.InvariantCulture)).FirstOrDefault();
        }
        catch (IOException)
        {
            return 0;
        }
    }

    /// <summary>Read once, so that the next change wakes.</summary>
    private static SafeFileHandle? Open(string path)
    {
        try
        {
            var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            _ = Number(file, "");
            return file;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
