using BuildKit.Client;
using Slipway.BuildKit;
using Slipway.Core.BuildLogs;
using Slipway.Testing.Contracts;

namespace Slipway.Contract.Tests.Building;

/// <summary>What the log says of each step, from the events of a build as the engine tells them.</summary>
public sealed class CacheReasonTests
{
    private readonly BuildLines _seen = new();
    private readonly LogProgress _progress;

    public CacheReasonTests()
    {
        _progress = new LogProgress(_seen);
        Tell("from", "[base 1/2] FROM docker.io/library/node:22", BuildStepState.Done, 0);
        Tell("context", "[internal] load build context", BuildStepState.Done, 0);
    }

    [Fact]
    public void A_cached_step_gives_no_reason() =>
        Assert.Equal(("✓ [base 2/2] RUN a — cached", StepState.Cached, null), Told("run", "[base 2/2] RUN a", BuildStepState.Cached, "from"));

    [Fact]
    public void A_command_on_cached_ground_has_no_earlier_result() =>
        Assert.Equal(("▶ [base 2/2] RUN a — not cached: no earlier result for this command with these variables on this base", StepState.Running, "no earlier result for this command with these variables on this base"),
            Told("run", "[base 2/2] RUN a", BuildStepState.Running, "from"));

    [Fact]
    public void Copied_files_on_cached_ground_have_none_either()
    {
        Told("run", "[base 2/2] RUN a", BuildStepState.Cached, "from");
        Assert.Equal("no earlier result for these files on this base", Told("copy", "[build 1/2] COPY . /app", BuildStepState.Running, "run", "context").Why);
    }

    [Fact]
    public void What_builds_on_a_step_that_ran_names_it()
    {
        Told("run", "[base 2/2] RUN a", BuildStepState.Running, "from");
        Told("run", "[base 2/2] RUN a", BuildStepState.Done, "from");
        Assert.Equal("it builds on base 2/2, which ran", Told("copy", "[build 1/2] COPY . /app", BuildStepState.Running, "run", "context").Why);
        Assert.Equal("it builds on build 1/2, which ran", Told("next", "[build 2/2] RUN b", BuildStepState.Running, "copy").Why);
    }

    [Fact]
    public void Of_what_it_builds_on_and_nothing_is_known_nothing_is_said()
    {
        _progress.Tell(new StepChanged(Step("run", "[base 2/2] RUN a", BuildStepState.Pending, "from")));
        Assert.Null(Told("copy", "[build 1/2] COPY . /app", BuildStepState.Running, "run", "context").Why);
    }

    [Fact]
    public void Neither_bases_nor_the_export_give_a_reason()
    {
        Assert.Equal([("✓ [base 1/2] FROM docker.io/library/node:22 — 0.0 s", (string?)null)], _seen.Changes.Select(l => (l.Text, l.Change?.Why)));
        Assert.Null(Told("export", "exporting to image", BuildStepState.Running).Why);
    }

    [Fact]
    public void A_step_ends_with_its_time_and_keeps_the_reason_that_it_began_with()
    {
        Told("run", "[base 2/2] RUN a", BuildStepState.Running, "from");
        var (text, state, why) = Told("run", "[base 2/2] RUN a", BuildStepState.Done, "from");
        Assert.Equal(("✓ base 2/2 — 1.5 s", StepState.Done), (text, state));
        Assert.NotNull(why);
    }

    [Fact]
    public void A_step_that_another_ones_failure_stopped_is_no_failure()
    {
        Told("a", "[a 1/1] RUN a", BuildStepState.Running, "from");
        _progress.Tell(new StepChanged(Step("a", "[a 1/1] RUN a", BuildStepState.Failed, "from") with { Error = "context canceled: x" }));
        _progress.Tell(new StepChanged(Step("b", "[b 1/1] RUN b", BuildStepState.Failed, "from") with { Error = "context canceled: x" }));
        Assert.Equal(["◼ a 1/1 — 1.5 s — stopped"], _seen.Changes.Where(l => l.Change?.State == StepState.Canceled).Select(l => l.Text));
    }

    [Fact]
    public void Two_steps_of_one_name_keep_their_lines_apart()
    {
        foreach (var digest in new[] { "one", "two" })
        {
            Told(digest, "[auth] pull token", BuildStepState.Running);
            _progress.Tell(new StepOutput(Step(digest, "[auth] pull token", BuildStepState.Running), false, default, "x\n"u8.ToArray()));
        }

        Assert.Equal(["auth", "auth (2)"], _seen.All.Where(l => l.Text == "x").Select(l => l.Step));
    }

    [Fact]
    public void A_daemon_that_drops_lines_is_told_on_once_a_step_with_the_way_to_lift_it()
    {
        var step = Step("run", "[base 2/2] RUN a", BuildStepState.Running, "from");
        foreach (var _ in new[] { 1, 2 }) _progress.Tell(new StepOutput(step, false, default, "x\n[output clipped, log limit 200KiB/s reached]\n"u8.ToArray()));
        var said = Assert.Single(_seen.All, l => l.Stream == BuildLogStream.System && l.Text.Contains("BUILDKIT_STEP_LOG_MAX_SPEED", StringComparison.Ordinal));
        Assert.Equal("base 2/2", said.Step);
    }

    private (string Text, StepState? State, string? Why) Told(string digest, string name, BuildStepState state, params string[] inputs)
    {
        Tell(digest, name, state, 1.5, inputs);
        var last = _seen.Changes.Last();
        return (last.Text, last.Change?.State, last.Change?.Why);
    }

    private void Tell(string digest, string name, BuildStepState state, double seconds, params string[] inputs) =>
        _progress.Tell(new StepChanged(Step(digest, name, state, inputs) with { Duration = TimeSpan.FromSeconds(seconds) }));

    private static BuildStep Step(string digest, string name, BuildStepState state, params string[] inputs) => new() { Digest = digest, Number = 1, Name = name, State = state, Inputs = inputs, Duration = TimeSpan.FromSeconds(1.5) };
}
