using Slipway.Core;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.Projects;

namespace Core.Tests.Pipeline;

public class IdlePolicyTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);
    private static readonly SleepTimes FiveMinutesFourHours = new(TimeSpan.FromMinutes(5), TimeSpan.FromHours(4));

    [Theory]
    [InlineData(InstanceState.Running, 4.9, SleepDepth.Awake)]
    [InlineData(InstanceState.Running, 5, SleepDepth.Frozen)]
    [InlineData(InstanceState.Running, 240, SleepDepth.Stopped)]
    // Only a request wakes what sleeps, even where its last use is not known any more.
    [InlineData(InstanceState.Frozen, 0, SleepDepth.Frozen)]
    [InlineData(InstanceState.Frozen, 239, SleepDepth.Frozen)]
    [InlineData(InstanceState.Frozen, 240, SleepDepth.Stopped)]
    // Dead while it was in use: it is brought back. Dead while nobody looked: it sleeps.
    [InlineData(InstanceState.Exited, 4.9, SleepDepth.Awake)]
    [InlineData(InstanceState.Exited, 5, SleepDepth.Stopped)]
    [InlineData(InstanceState.Exited, 1000, SleepDepth.Stopped)]
    [InlineData(InstanceState.Created, 6, SleepDepth.Awake)]
    public void Idle_time_decides(InstanceState state, double idleMinutes, SleepDepth depth) => Assert.Equal(depth, IdlePolicy.Wish(Facts(state, idleMinutes), Now));

    [Theory]
    [InlineData(InstanceState.Running)]
    [InlineData(InstanceState.Frozen)]
    [InlineData(InstanceState.Exited)]
    public void What_is_in_use_wanted_or_never_sleeps_is_awake_however_long_idle(InstanceState state)
    {
        var idle = Facts(state, 10_000);
        Assert.Equal(SleepDepth.Awake, IdlePolicy.Wish(idle with { Open = 1 }, Now));
        Assert.Equal(SleepDepth.Awake, IdlePolicy.Wish(idle with { IsWanted = true }, Now));
        Assert.Equal(SleepDepth.Awake, IdlePolicy.Wish(idle with { Times = null }, Now));
    }

    public static TheoryData<bool, SleepSettings?, bool, double?, double?> Settings => new()
    {
        // on here, the project's, is production, frozen after, stopped after (minutes)
        { true, null, false, 5, 240 },
        { true, null, true, null, null },
        { false, null, false, null, null },
        { true, new() { IsOff = true }, false, null, null },
        { true, new() { Production = true }, true, 5, 240 },
        { true, new() { Production = false }, true, null, null },
        // A project that asks for it sleeps where others don't.
        { false, new() { After = TimeSpan.FromMinutes(1) }, false, 1, 240 },
        { true, new() { After = TimeSpan.FromMinutes(1), StopAfter = TimeSpan.FromMinutes(2) }, false, 1, 2 },
        { true, new() { StopAfter = TimeSpan.FromMinutes(2) }, false, 5, 5 },
        { true, new() { After = TimeSpan.FromHours(9) }, false, 540, 540 },
    };

    [Theory]
    [MemberData(nameof(Settings))]
    public void The_project_says_otherwise_than_the_installation(bool isOnHere, SleepSettings? project, bool isProduction, double? after, double? stopAfter)
    {
        var times = IdlePolicy.TimesOf(new SleepOptions { Enabled = isOnHere }, project, isProduction);
        Assert.Equal((after, stopAfter), (times?.After.TotalMinutes, times?.StopAfter.TotalMinutes));
    }

    [Fact]
    public void When_memory_is_short_the_longest_idle_are_stopped_first_and_a_few_at_a_time()
    {
        var all = Enumerable.Range(1, 9).Select(i => Facts(i % 2 == 0 ? InstanceState.Frozen : InstanceState.Running, 10 + i)).Append(Facts(InstanceState.Running, 1)).Append(Facts(InstanceState.Exited, 99))
            .Append(Facts(InstanceState.Running, 99) with { Open = 1 }).Append(Facts(InstanceState.Running, 99) with { Times = null }).ToList();
        Assert.Equal([all[8].Deployment, all[7].Deployment, all[6].Deployment, all[5].Deployment], IdlePolicy.Evict(all, Now));
    }

    public static TheoryData<InstanceState, double?, double?, double, double> Uses => new()
    {
        // state, started, used, counting since → last used (minutes ago)
        { InstanceState.Running, 60, 10, 90, 10 },
        { InstanceState.Running, 60, null, 90, 60 },
        // An edge that began to count later knows nothing of what was before: used, perhaps, until then.
        { InstanceState.Running, 60, null, 3, 3 },
        { InstanceState.Frozen, 60, null, 3, 3 },
        // Started again since.
        { InstanceState.Running, 1, 10, 90, 1 },
        // After a reboot nothing is started for nobody.
        { InstanceState.Exited, 60, null, 3, 60 },
        { InstanceState.Exited, 60, 10, 90, 10 },
    };

    [Theory]
    [MemberData(nameof(Uses))]
    public void Last_use_is_what_is_known_of_it(InstanceState state, double? started, double? used, double since, double expected)
    {
        var id = StrongId.New<DeploymentId>(TimeProvider.System);
        var instance = new Instance(InstanceId.Of(id), id, "", state, null, 3000, Ago(started), null, null, false);
        var use = used is null ? null : new DeploymentUse(id, 0, Ago(used), false);
        Assert.Equal(Ago(expected), IdlePolicy.LastUsed(instance, use, Ago(since) ?? Now));
    }

    [Theory]
    [InlineData(0.5, null, "sleep.too_short")]
    [InlineData(null, 0.5, "sleep.too_short")]
    [InlineData(60.0, 59.0, "sleep.order")]
    [InlineData(60.0, 60.0, null)]
    [InlineData(null, null, null)]
    public void Settings_that_make_no_sense_are_refused(double? after, double? stopAfter, string? code) =>
        Assert.Equal(code, SleepSettings.Check(new() { After = Seconds(after), StopAfter = Seconds(stopAfter) })?.Code);

    private static TimeSpan? Seconds(double? seconds) => seconds is { } s ? TimeSpan.FromSeconds(s) : null;

    private static DateTimeOffset? Ago(double? minutes) => minutes is { } m ? Now - TimeSpan.FromMinutes(m) : null;

    private static IdleFacts Facts(InstanceState state, double idleMinutes) => new(StrongId.New<DeploymentId>(TimeProvider.System), state, FiveMinutesFourHours, Now - TimeSpan.FromMinutes(idleMinutes));
}
