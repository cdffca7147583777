using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Slipway.Core.Hosting;

namespace Slipway.Host.Cgroups;

/// <summary>
/// One thread that waits for the kernel: a new folder under the engine's is a new step, held before it has done anything of size;
/// a limit that was run into is told while the step is still there.
/// </summary>
internal sealed class StepWatch : IDisposable
{
    private readonly CgroupTree _tree;
    private readonly string _parent;
    private readonly Func<string, HeldStep?> _begun;
    private readonly Action<HeldStep, StepLimit> _hit;
    private readonly SafeFileHandle _wake = Native.NewEvent();
    private readonly SafeFileHandle _watch = Native.NewWatch();
    private readonly SafeFileHandle? _kernel = Native.KernelLog();
    private readonly Dictionary<string, HeldStep> _steps = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _held = new(StringComparer.Ordinal);
    private readonly Thread _thread;
    private volatile bool _isOver;

    /// <param name="begun">A folder appeared: limits are to be written now; null leaves it alone.</param>
    /// <param name="hit">A held step ran into a limit.</param>
    public StepWatch(CgroupTree tree, string parent, Func<string, HeldStep?> begun, Action<HeldStep, StepLimit> hit)
    {
        (_tree, _parent, _begun, _hit) = (tree, parent, begun, hit);
        foreach (var folder in tree.Folders(parent))
            Native.Watch(_watch, folder, Native.Created | Native.Deleted | Native.DeletedItself | Native.OnlyDirectories);
        _thread = new Thread(Run) { IsBackground = true, Name = "build steps", Priority = ThreadPriority.Highest };
        _thread.Start();
    }

    /// <summary>Why it ended by itself; null while it goes on.</summary>
    public string? Ended { get; private set; }

    /// <summary>A process of some held step that runs now.</summary>
    public int? AnyProcess() => _held.Keys.SelectMany(name => _tree.Processes($"{_parent}/{name}")).Select(pid => (int?)pid).FirstOrDefault();

    public void Dispose()
    {
        _isOver = true;
        Native.Signal(_wake);
        _thread.Join();
        foreach (var step in _steps.Values) step.Dispose();
        _wake.Dispose();
        _watch.Dispose();
        _kernel?.Dispose();
    }

    private void Run()
    {
        try
        {
            while (!_isOver) Wait();
        }
        catch (Exception e)
        {
            // Whoever holds the limits looks at it, begins anew and says so; a thread's exception would end the server.
            Ended = e.Message;
        }
    }

    private void Wait()
    {
        var waits = new List<(SafeFileHandle Handle, short Wanted, HeldStep? Step, StepLimit Limit)> { (_wake, Native.PollIn, null, default), (_watch, Native.PollIn, null, default) };
        if (_kernel is not null) waits.Add((_kernel, Native.PollIn, null, default));
        foreach (var step in _steps.Values) waits.AddRange(step.Waits().Select(w => (w.Handle, w.Wanted, (HeldStep?)step, w.Limit)));
        var entries = waits.Select(w => new Native.PollEntry { Descriptor = (int)w.Handle.DangerousGetHandle(), Wanted = w.Wanted }).ToArray();
        if (!Native.Poll(entries)) return;

        // Limits before folders: a step that hit one and is gone has both.
        for (var i = 2; i < entries.Length; i++)
        {
            if (entries[i].Seen == 0) continue;
            if (waits[i].Step is not { } step) ReadKernel(waits[i].Handle);
            else if (step.RanInto(waits[i].Limit)) _hit(step, waits[i].Limit);
        }

        if (entries[1].Seen != 0) ReadFolders();
    }

    /// <summary>One record a call. In version 1 the kernel tells of a refused fork nowhere else in time: its counter's file wakes nobody.</summary>
    private void ReadKernel(SafeFileHandle log)
    {
        var buffer = new byte[8 * 1024];
        try
        {
            var record = Encoding.UTF8.GetString(buffer, 0, Native.Read(log, buffer));
            if (KernelWord.Of(record) is var (name, limit) && _steps.TryGetValue(name, out var step)) _hit(step, limit);
        }
        catch (IOException)
        {
            // Records that were overwritten before we read them.
        }
    }

    private void ReadFolders()
    {
        var buffer = new byte[16 * 1024];
        var length = Native.Read(_watch, buffer);
        for (var at = 0; at + 16 <= length;)
        {
            // struct inotify_event: number, mask, cookie, length of the name, the name with zeros after it.
            var mask = BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(at + 4));
            var size = BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(at + 12));
            var name = Encoding.UTF8.GetString(buffer, at + 16, size).TrimEnd('\0');
            at += 16 + size;
            if ((mask & Native.DeletedItself) != 0) throw new IOException($"the cgroup {_parent} is gone");
            if ((mask & Native.IsDirectory) == 0) continue;
            if ((mask & Native.Deleted) != 0) Remove(name);
            else Add(name);
        }
    }

    private void Add(string name)
    {
        if (_begun(name) is not { } step) return;
        // In version 1 each controller's folder is told by itself.
        if (!_steps.TryAdd(name, step)) step.Dispose();
        _held[name] = true;
        _steps[name].WatchProcesses(_tree, $"{_parent}/{name}");
    }

    private void Remove(string name)
    {
        _held.TryRemove(name, out _);
        if (_steps.Remove(name, out var step)) step.Dispose();
    }
}
