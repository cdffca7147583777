using Slipway.Core.Hosting;

namespace Slipway.Host.Cgroups;

/// <summary>This host's cgroups: version 2 has one tree, version 1 one for each controller.</summary>
internal sealed record CgroupTree(string Root, bool IsUnified)
{
    public static CgroupTree OfHost { get; } = new("/sys/fs/cgroup", File.Exists("/sys/fs/cgroup/cgroup.controllers"));

    /// <summary>The controllers that hold a step; one folder for both in version 2.</summary>
    public IEnumerable<string> Folders(string cgroup) => IsUnified ? [Folder("", cgroup)] : [Folder("memory", cgroup), Folder("pids", cgroup)];

    public string Folder(string controller, string cgroup) => IsUnified ? Path.Combine(Root, cgroup) : Path.Combine(Root, controller, cgroup);

    /// <summary>Makes the parent where no step has run yet, as the engine itself would.</summary>
    public void Create(string cgroup)
    {
        foreach (var controller in IsUnified ? [""] : new[] { "memory", "pids", "cpu" }) Directory.CreateDirectory(Folder(controller, cgroup));
    }

    /// <summary>Whether we may limit it, as root or by a capability.</summary>
    public bool MayWrite(string cgroup)
    {
        try
        {
            Create(cgroup);
            using var limit = File.OpenHandle(Path.Combine(Folder("pids", cgroup), "pids.max"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Processes in it, as this host numbers them; none when it is gone.</summary>
    public IReadOnlyList<int> Processes(string cgroup)
    {
        try
        {
            return [.. File.ReadLines(Path.Combine(Folder("memory", cgroup), "cgroup.procs")).Select(line => int.Parse(line, System.Globalization.CultureInfo.InvariantCulture))];
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <returns>What could not be written that must be; null when all is well.</returns>
    public string? Write(string cgroup, IEnumerable<CgroupLine> lines)
    {
        string? failed = null;
        foreach (var line in lines)
        {
            var folder = Folder(line.Controller, cgroup);
            // In version 1 a controller's folder comes some moments after the one before it; it is written to then.
            if (!Directory.Exists(folder)) continue;
            var file = Path.Combine(folder, line.File);
            try
            {
                // Opened, not created: where the kernel lacks the file there is nothing to write to.
                using var open = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
                open.Write(System.Text.Encoding.ASCII.GetBytes(line.Text));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                if (line.IsMust) failed ??= $"{file}: {e.Message}";
            }
        }

        return failed;
    }
}
