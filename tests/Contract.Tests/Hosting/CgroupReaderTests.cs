using Slipway.Docker.Running;
using Slipway.Core.Hosting;
using Slipway.Host.Cgroups;

namespace Contract.Tests.Hosting;

/// <summary>Both versions of cgroups, as kernels write them.</summary>
public sealed class CgroupReaderTests : IDisposable
{
    private static readonly string Container = new('a', 64);

    private readonly string _root = Directory.CreateTempSubdirectory("slipway-cgroups-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Version_1_is_read()
    {
        Write("proc/7/cgroup", $"9:name=systemd:/x\n5:cpu,cpuacct:/docker/{Container}\n4:memory:/docker/{Container}\n");
        Write($"fs/cpuacct/docker/{Container}/cpuacct.usage", "2500000000\n");
        Write($"fs/memory/docker/{Container}/memory.usage_in_bytes", "5000\n");
        Write($"fs/memory/docker/{Container}/memory.stat", "cache 9\ntotal_inactive_file 1000\n");
        Write($"fs/memory/docker/{Container}/memory.limit_in_bytes", "8000\n");
        Assert.Equal(new CgroupUse(2.5, 4000, 8000), Read(isUnified: false));
        Write($"fs/memory/docker/{Container}/memory.limit_in_bytes", "9223372036854771712\n");
        Assert.Equal(new CgroupUse(2.5, 4000, null), Read(isUnified: false));
    }

    [Fact]
    public void Version_2_is_read()
    {
        Write("proc/7/cgroup", $"0::/system.slice/docker-{Container}.scope\n");
        var folder = $"fs/system.slice/docker-{Container}.scope";
        Write($"{folder}/cpu.stat", "usage_usec 1500000\nuser_usec 1\n");
        Write($"{folder}/memory.current", "5000\n");
        Write($"{folder}/memory.stat", "anon 1\ninactive_file 1000\n");
        Write($"{folder}/memory.max", "max\n");
        Assert.Equal(new CgroupUse(1.5, 4000, null), Read(isUnified: true));
        Write($"{folder}/memory.max", "8000\n");
        Assert.Equal(new CgroupUse(1.5, 4000, 8000), Read(isUnified: true));
    }

    [Fact]
    public void Another_containers_is_not_taken_for_it_and_what_is_not_there_is_not_told()
    {
        Assert.Null(Read(isUnified: true));
        Write("proc/7/cgroup", $"0::/system.slice/docker-{new string('b', 64)}.scope\n");
        Assert.Null(Read(isUnified: true));
        Write("proc/7/cgroup", $"0::/system.slice/docker-{Container}.scope\n");
        Assert.Null(Read(isUnified: true));
    }

    [Fact]
    public void The_networks_bytes_are_those_of_all_but_the_loopback() => Assert.Equal((1234L, 5678L), NetworkBytes.Parse(
    [
        "Inter-|   Receive                                                |  Transmit", " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed",
        "    lo:    9999       1    0    0    0     0          0         0     9999       1    0    0    0     0       0          0", "  eth0: 1234      10    0    0    0     0          0         0     5678       9    0    0    0     0       0          0",
    ]));

    private CgroupUse? Read(bool isUnified) => new CgroupReader(new CgroupTree(Path.Combine(_root, "fs"), isUnified), Path.Combine(_root, "proc")).Read(7, Container);

    private void Write(string file, string text)
    {
        var path = Path.Combine(_root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path) ?? "");
        File.WriteAllText(path, text);
    }
}
