using System.Text;
using Slipway.Core.Hosting;

namespace Slipway.Host.Cgroups;

/// <summary>Version 1 has a hierarchy for it (<c>freezer.state</c>), version 2 a file in each cgroup (<c>cgroup.freeze</c>).</summary>
internal sealed class CgroupFreezer(CgroupTree tree, TimeProvider time) : IFreezer
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(1);

    public string? Find(long process, string container)
    {
        if (process <= 0) return null;
        try
        {
            var group = File.ReadLines($"/proc/{process}/cgroup").Select(GroupOf).OfType<string>().FirstOrDefault();
            return group is not null && group.Contains(container, StringComparison.Ordinal) && GroupPath.IsContainer(group) && MayWrite(FileOf(group)) ? group : null;
        }
        catch (Exception unseen) when (unseen is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>By its id alone, where the processes can't be seen: as the engine names them with either of its cgroup drivers.</summary>
    public string? Find(string container)
    {
        string[] usual = [$"docker/{container}", $"system.slice/docker-{container}.scope"];
        try
        {
            return usual.FirstOrDefault(group => GroupPath.IsContainer(group) && File.Exists(FileOf(group)) && MayWrite(FileOf(group)));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public bool IsFrozen(string group)
    {
        try
        {
            return Read(FileOf(group)) is not (Thawed or "0");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    public async Task<bool> FreezeAsync(string group, CancellationToken ct)
    {
        if (!Write(group, tree.IsUnified ? "1" : "FROZEN")) return false;
        // A process inside of a system call is held when it returns from it; some microseconds are usual.
        var begun = time.GetTimestamp();
        while (!IsHeld(group) && time.GetElapsedTime(begun) < Patience) await Task.Delay(Look, time, ct);
        return true;
    }

    public bool Thaw(string group) => Write(group, tree.IsUnified ? "0" : Thawed);

    private const string Thawed = "THAWED";

    private bool IsHeld(string group)
    {
        try
        {
            return tree.IsUnified
                ? File.ReadLines(Path.Combine(tree.Folder("", group), "cgroup.events")).Contains("frozen 1")
                : Read(FileOf(group)) == "FROZEN";
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    private bool Write(string group, string text)
    {
        if (!GroupPath.IsContainer(group)) return false;
        try
        {
            using var file = new FileStream(FileOf(group), FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            file.Write(Encoding.ASCII.GetBytes(text));
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private string FileOf(string group) => tree.IsUnified ? Path.Combine(tree.Folder("", group), "cgroup.freeze") : Path.Combine(tree.Folder("freezer", group), "freezer.state");

    private static string Read(string file) => File.ReadAllText(file).Trim();

    /// <summary><c>7:freezer:/docker/3f…</c>, in version 2 <c>0::/system.slice/docker-3f….scope</c>.</summary>
    private string? GroupOf(string line) => line.Split(':', 3) is [_, var controllers, ['/', .. var path]] && (tree.IsUnified ? controllers.Length == 0 : controllers.Split(',').Contains("freezer")) ? path : null;

    private static bool MayWrite(string file)
    {
        using var open = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        return true;
    }
}
