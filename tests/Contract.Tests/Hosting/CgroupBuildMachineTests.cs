using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Slipway.Core;
using Slipway.Core.Hosting;
using Slipway.Host;
using Slipway.Host.Cgroups;
using Slipway.Testing.Contracts;
using Slipway.Testing.Hosting;
using Slipway.Testing.InMemory;

namespace Slipway.Contract.Tests.Hosting;

/// <summary>
/// Real cgroups under a parent of the test's own, with steps as runc would start them: the engine's folder first, then the cgroup,
/// then a process in it. The parent's own limit of 400 MB is read back before anything is let loose, whatever the code under test does.
/// </summary>
[Trait("needs", "root")]
public sealed class CgroupBuildMachineTests : BuildMachineContract, IDisposable
{
    private const long Safety = 400_000_000;

    private readonly string _parent = $"slipway-test-{RandomNumberGenerator.GetHexString(8, lowercase: true)}/buildkit";
    private readonly string _dataRoot = Directory.CreateTempSubdirectory("slipway-root-").FullName;
    private readonly CgroupTree _tree = CgroupTree.OfHost;
    private readonly CgroupBuildMachine _machine;

    public CgroupBuildMachineTests() =>
        _machine = new(Microsoft.Extensions.Options.Options.Create(new HostOptions { BuildCgroup = _parent }), NullLogger<CgroupBuildMachine>.Instance);

    protected override IBuildMachine Machine => _machine;

    protected override EngineLayout Engine => new(_dataRoot, "cgroupfs");

    private string Outer => Path.GetDirectoryName(_parent)!;

    public override ValueTask InitializeAsync()
    {
        RootHost.Require();
        _tree.Create(_parent);
        return ValueTask.CompletedTask;
    }

    public override ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    public void Dispose()
    {
        _machine.Dispose();
        foreach (var folder in new[] { _parent, Outer })
            foreach (var controller in Controllers.Where(c => Directory.Exists(_tree.Folder(c, folder)))) Directory.Delete(_tree.Folder(controller, folder));
        Directory.Delete(_dataRoot, recursive: true);
    }

    [Fact]
    public void All_builds_together_leave_a_part_of_the_memory_and_weigh_little()
    {
        Machine.Hold(Engine, Limits);
        Assert.Equal(_tree.IsUnified ? "25" : "256", Read("cpu", _parent, _tree.IsUnified ? "cpu.weight" : "cpu.shares"));
        Assert.Equal($"{Limits.AllMemoryBytes}", Read("memory", _parent, _tree.IsUnified ? "memory.max" : "memory.limit_in_bytes"));
    }

    [Fact]
    public async Task Who_may_not_hold_steps_is_told_what_another_holds_and_what_ran_into_it()
    {
        var folder = Directory.CreateTempSubdirectory("slipway-steps-").FullName;
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var reports = new StepReports(folder, time);
        var told = new ReportedBuildMachine(new InMemoryBuildMachine(), reports);
        var refused = Assert.IsType<StepLimitStatus.NotHeld>(told.Hold(Engine, Limits));
        Assert.Contains("stack logs fence", refused.Hint, StringComparison.Ordinal);

        using var keeper = new CgroupBuildMachine(Microsoft.Extensions.Options.Options.Create(new HostOptions { BuildCgroup = _parent }), NullLogger<CgroupBuildMachine>.Instance, reports);
        keeper.Hold(Engine, Limits);
        Assert.Equal(new StepLimitStatus.Held(Limits), told.Hold(Engine, Limits with { Processes = 1 }));
        var (one, two) = (StrongId.New<DeploymentId>(time), StrongId.New<DeploymentId>(time));
        using var held = told.Begin(one);
        using var other = told.Begin(two);
        Assert.True(await RunStepAsync(one, StepLimit.Memory, "eat everything"));
        await Looking.UntilAsync(() => held.Hits.Count > 0 ? "told" : null, TimeSpan.FromSeconds(10), "the hit is told");
        Assert.Equal([new StepHit(StepLimit.Memory, "eat everything")], held.Hits);
        Assert.Empty(other.Hits);
        // Nobody's of Slipway: not ours to stop.
        Assert.False(await RunStepAsync(null, StepLimit.Memory, "eat everything"));

        // A keeper that is gone holds nothing.
        time.Advance(TimeSpan.FromMinutes(3));
        Assert.IsType<StepLimitStatus.NotHeld>(told.Hold(Engine, Limits));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Meminfo_is_read_in_bytes()
    {
        var memory = MemoryReading.Of("MemTotal:        1024 kB\nMemFree: 1 kB\nMemAvailable:     512 kB\nSwapTotal:         0 kB\n");
        Assert.Equal(new MachineMemory(1 << 20, 512 << 10, 0), memory);
    }

    [Theory]
    [InlineData("6,1,2,-;cgroup: fork rejected by pids controller in /docker/buildkit/abc\n", "abc", StepLimit.Processes)]
    [InlineData("6,1,2,-;oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=abc,mems_allowed=0,oom_memcg=/docker/buildkit,task_memcg=/docker/buildkit/abc,task=node,pid=1,uid=0\n", "abc", StepLimit.Memory)]
    public void The_kernels_word_names_the_step(string record, string name, StepLimit limit) => Assert.Equal((name, limit), KernelWord.Of(record));

    [Fact]
    public void Other_words_of_the_kernel_name_none() => Assert.Null(KernelWord.Of("6,1,2,-;docker0: port 1(veth1) entered blocking state\n"));

    [Fact]
    public void A_processs_account_is_what_it_wrote_less_what_it_threw_away() =>
        Assert.Equal(900, StepWrites.In("rchar: 5\nwchar: 7000\nread_bytes: 3\nwrite_bytes: 1000\ncancelled_write_bytes: 100\n"));

    protected override Task<bool> RunStepAsync(DeploymentId? build, StepLimit into, string command) => InStepAsync(build, command, cgroup => RunInAsync(cgroup, into));

    /// <summary>Two children, one after the other: their parent's account has them in it. It waits until it is counted.</summary>
    protected override async Task WriteInStepAsync(DeploymentId build, long bytes)
    {
        // New files each time: who empties one that is not on the disk yet has its bytes taken off his account.
        var half = $"head -c {bytes / 2} /dev/zero > {_dataRoot}/{bytes}";
        // The same one as the test's own, which ends it.
        var hold = _machine.Begin(build);
        await InStepAsync(build, "write", cgroup => WriteInAsync(cgroup, $"read go; {half}a; {half}b; echo written; read go", hold));
    }

    private async Task<bool> InStepAsync(DeploymentId? build, string command, Func<string, Task<bool>> runAsync)
    {
        _tree.Write(Outer, [new CgroupLine("memory", _tree.IsUnified ? "memory.max" : "memory.limit_in_bytes", $"{Safety}"), new CgroupLine("pids", "pids.max", "200")]);
        Assert.InRange(long.Parse(Read("memory", Outer, _tree.IsUnified ? "memory.max" : "memory.limit_in_bytes")), 1, Safety);
        Assert.Equal("200", Read("pids", Outer, "pids.max"));

        var name = RandomNumberGenerator.GetHexString(25, lowercase: true);
        WriteConfig(name, build, command);
        var cgroup = $"{_parent}/{name}";
        // The controllers in the order of runc.
        foreach (var controller in Controllers) Directory.CreateDirectory(_tree.Folder(controller, cgroup));
        try
        {
            return await runAsync(cgroup);
        }
        finally
        {
            foreach (var controller in Controllers) Directory.Delete(_tree.Folder(controller, cgroup));
        }
    }

    private string[] Controllers => _tree.IsUnified ? [""] : ["memory", "cpu", "pids"];

    /// <summary>tail keeps what it reads, and /dev/zero has no line end: 150 MB at most. The shell waits for its first line until it is in its place.</summary>
    private async Task<bool> RunInAsync(string cgroup, StepLimit into)
    {
        var script = into == StepLimit.Memory
            ? "read go; head -c 150000000 /dev/zero | tail | wc -c"
            : "read go; i=0; while [ $i -lt 60 ]; do sleep 1 & i=$((i+1)); done 2>/dev/null; wait; echo 150000000";
        using var shell = await StartInAsync(cgroup, script);
        shell.StandardInput.Close();
        var printed = await shell.StandardOutput.ReadToEndAsync(Ct);
        await EndInAsync(cgroup, shell);
        return printed.Trim() != "150000000";
    }

    private async Task<bool> WriteInAsync(string cgroup, string script, IBuildHold hold)
    {
        var before = hold.CountWritten();
        using var shell = await StartInAsync(cgroup, script);
        Assert.Equal("written", await shell.StandardOutput.ReadLineAsync(Ct));
        await Looking.UntilAsync(() => hold.CountWritten() > before ? "counted" : null, TimeSpan.FromSeconds(10), "the step's account is read");
        shell.StandardInput.Close();
        await EndInAsync(cgroup, shell);
        return true;
    }

    private async Task<Process> StartInAsync(string cgroup, string script)
    {
        var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        foreach (var controller in Controllers) await File.WriteAllTextAsync(Path.Combine(_tree.Folder(controller, cgroup), "cgroup.procs"), $"{shell.Id}", Ct);
        await shell.StandardInput.WriteLineAsync("go");
        return shell;
    }

    private async Task EndInAsync(string cgroup, Process shell)
    {
        await shell.WaitForExitAsync(Ct);
        // Its children may outlive it by a moment, and a cgroup with somebody in it can't be removed.
        var procs = Path.Combine(_tree.Folder("memory", cgroup), "cgroup.procs");
        await Looking.UntilAsync(() => File.ReadAllText(procs).Length == 0 ? "empty" : null, TimeSpan.FromSeconds(30), "the cgroup is left");
    }

    private void WriteConfig(string name, DeploymentId? build, string command)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_dataRoot, "buildkit", "executor", name)).FullName;
        string[] environment = build is { } own ? ["PATH=/bin", $"NO_PROXY={StepMark.Of(own)}"] : ["PATH=/bin"];
        File.WriteAllText(Path.Combine(folder, "config.json"), JsonSerializer.Serialize(new { process = new { args = new[] { "/bin/sh", "-c", command }, env = environment } }));
    }

    private string Read(string controller, string cgroup, string file) => File.ReadAllText(Path.Combine(_tree.Folder(controller, cgroup), file)).Trim();
}
