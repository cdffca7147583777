using Slipway.Core.BuildLogs;

namespace Core.Tests.BuildLogs;

public sealed class StepListTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Steps_stand_in_the_order_in_which_they_began_each_as_its_last_change_says()
    {
        var steps = StepList.Of(
        [
            Told("build 2/2", 1, StepState.Running, why: "no earlier result"),
            Told("packages 1/1", 1, StepState.Cached),
            new BuildLogLine(0, At, BuildLogStream.Out, "build 2/2", "compiling"),
            Told("build 2/2", 1, StepState.Done, seconds: 3),
        ], 1, isOver: false);
        Assert.Equal(
        [
            new BuildStepRecord("build 2/2", "[build 2/2] RUN x", StepState.Done, At, TimeSpan.FromSeconds(3), "no earlier result"),
            new BuildStepRecord("packages 1/1", "[packages 1/1] RUN x", StepState.Cached, At, null, null),
        ], steps);
    }

    [Fact]
    public void An_earlier_attempts_steps_are_not_among_them()
    {
        BuildLogLine[] log = [Told("a", 1, StepState.Running), Told("b", 1, StepState.Running), Told("b", 2, StepState.Running), Told("b", 2, StepState.Failed, seconds: 1)];
        Assert.Equal([("b", StepState.Failed)], StepList.Of(log, 2, isOver: false).Select(s => (s.Step, s.State)));
        Assert.Empty(StepList.Of(log, 3, isOver: false));
    }

    [Fact]
    public void What_never_told_its_end_counts_as_stopped_once_the_build_is_over()
    {
        BuildLogLine[] log = [Told("a", 1, StepState.Running), Told("b", 1, StepState.Failed)];
        Assert.Equal([StepState.Running, StepState.Failed], StepList.Of(log, 1, isOver: false).Select(s => s.State));
        Assert.Equal([StepState.Canceled, StepState.Failed], StepList.Of(log, 1, isOver: true).Select(s => s.State));
    }

    [Theory]
    [InlineData("build 3/7", "build", 3, 7)]
    [InlineData("2/2", null, 2, 2)]
    [InlineData("linux/arm64 build 1/10", "linux/arm64 build", 1, 10)]
    public void A_name_tells_its_place(string step, string? stage, int number, int total) => Assert.Equal((stage, number, total), Record(step).Place);

    [Theory]
    [InlineData("exporting to image")]
    [InlineData("build 3/7 (2)")]
    [InlineData("a/b")]
    [InlineData("-1/2")]
    [InlineData("")]
    public void Other_names_have_none(string step) => Assert.Null(Record(step).Place);

    private static BuildStepRecord Record(string step) => new(step, step, StepState.Done, At, null, null);

    private static BuildLogLine Told(string step, int attempt, StepState state, int? seconds = null, string? why = null) => new(0, At, BuildLogStream.System, step, "told")
    {
        Change = new StepChange { Name = $"[{step}] RUN x", State = state, Duration = seconds is { } s ? TimeSpan.FromSeconds(s) : null, Why = why, Attempt = attempt },
    };
}
