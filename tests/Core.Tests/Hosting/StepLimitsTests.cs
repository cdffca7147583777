using Slipway.Core;
using Slipway.Core.Hosting;

namespace Core.Tests.Hosting;

public class StepLimitsTests
{
    private static readonly DeploymentId Build = new(Guid.Parse("0193f00d-0000-7000-8000-000000000001"));

    [Fact]
    public void A_limit_is_never_more_than_half_of_the_machine()
    {
        Assert.Equal(4L << 30, StepLimits.For(4L << 30, 4096, 25, 24L << 30).MemoryBytes);
        Assert.Equal(512L << 20, StepLimits.For(4L << 30, 4096, 25, 1L << 30).MemoryBytes);
    }

    [Fact]
    public void A_step_of_version_1_gets_memory_then_memory_with_swap_and_processes()
    {
        var lines = CgroupPlan.Step(new StepLimits(1 << 20, 7, 25, 8 << 20), isUnified: false);
        Assert.Equal(["memory/memory.limit_in_bytes=1048576", "memory/memory.memsw.limit_in_bytes=2097152", "pids/pids.max=7"], lines.Select(Text));
        Assert.Equal([true, false, true], lines.Select(line => line.IsMust));
    }

    [Fact]
    public void A_step_of_version_2_dies_whole()
    {
        var lines = CgroupPlan.Step(new StepLimits(1 << 20, 7, 25, 8 << 20), isUnified: true);
        Assert.Equal(["memory/memory.max=1048576", "memory/memory.swap.max=1048576", "memory/memory.oom.group=1", "pids/pids.max=7"], lines.Select(Text));
    }

    [Fact]
    public void Builds_together_weigh_less_than_one_app_and_leave_a_quarter_of_the_memory()
    {
        var limits = StepLimits.For(4L << 30, 4096, 25, 8L << 30);
        Assert.Equal([$"memory/memory.limit_in_bytes={6L << 30}", "cpu/cpu.shares=256"], CgroupPlan.Parent(limits, isUnified: false).Select(Text));
        Assert.Equal([$"memory/memory.max={6L << 30}", "cpu/cpu.weight=25"], CgroupPlan.Parent(limits, isUnified: true).Select(Text));
    }

    [Theory]
    [InlineData("cgroupfs", "docker/buildkit")]
    [InlineData("systemd", "system.slice/buildkit")]
    public void Steps_are_found_where_the_engine_puts_them(string driver, string parent) =>
        Assert.Equal(parent, CgroupPlan.ParentOf(new EngineLayout("/var/lib/docker", driver)));

    [Fact]
    public void A_mark_is_read_back_from_a_steps_environment()
    {
        Assert.Equal(Build, StepMark.In(["PATH=/bin", $"NO_PROXY={StepMark.Of(Build)}", $"no_proxy={StepMark.Of(Build)}"]));
        Assert.Equal(Build, StepMark.In([$"NO_PROXY=example.com,{StepMark.Of(Build)}"]));
        Assert.Equal(Build, StepMark.In([$"FTP_PROXY={StepMark.Of(Build)}"]));
    }

    [Fact]
    public void The_engines_own_mark_comes_last_and_counts_whatever_the_step_claims()
    {
        var other = StepMark.Of(new DeploymentId(Guid.Empty));
        Assert.Equal(Build, StepMark.In([$"NO_PROXY={other}", $"NO_PROXY={StepMark.Of(Build)}"]));
    }

    [Theory]
    [InlineData("NO_PROXY=localhost")]
    [InlineData("X=0193f00d000070008000000000000001.build.slipway.invalid")]
    [InlineData("NO_PROXY=0193f00d.build.slipway.invalid")]
    [InlineData("NO_PROXY=0193f00d000070008000000000000001.build.slipway.invalid.example.com")]
    public void What_is_no_mark_is_nobodys(string variable) => Assert.Null(StepMark.In([variable]));

    [Theory]
    [InlineData("FROM scratch\nRUN true", "NO_PROXY")]
    [InlineData("FROM scratch\nARG no_proxy\nRUN true", "FTP_PROXY")]
    public void The_mark_goes_by_an_argument_that_the_Dockerfile_does_not_speak_of(string dockerfile, string argument) =>
        Assert.Equal(argument, StepMark.ArgumentFor(dockerfile));

    private static string Text(CgroupLine line) => $"{line.Controller}/{line.File}={line.Text}";
}
