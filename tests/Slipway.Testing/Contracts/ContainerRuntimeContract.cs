using Slipway.Core;
using Slipway.Core.Pipeline.Running;
using Slipway.Testing.Hosting;

namespace Slipway.Testing.Contracts;

/// <summary>What every runtime must do, whatever it is made of.</summary>
public abstract class ContainerRuntimeContract : IAsyncLifetime
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _grace = TimeSpan.FromSeconds(5);

    protected abstract ContainerRuntimeHarness Harness { get; }

    protected IContainerRuntime Runtime => Harness.Runtime;

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    public abstract ValueTask InitializeAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return Harness.DisposeAsync();
    }

    [Fact]
    public async Task Started_instance_runs_has_an_address_and_listens()
    {
        var spec = Spec(AppKind.Listens);

        var started = await Runtime.StartAsync(spec, Ct);

        Assert.Equal((spec.Id, spec.Deployment, spec.Image, spec.Port), (started.Id, started.Deployment, started.Image, started.Port));
        Assert.Equal(InstanceState.Running, started.State);
        Assert.NotNull(started.Address);
        Assert.NotNull(started.StartedAt);
        Assert.Null(started.FinishedAt);
        Assert.Null(started.ExitCode);
        var seen = await UntilAsync(spec.Id, instance => instance.ListeningPorts is [ContainerRuntimeHarness.Port]);
        Assert.False(seen.ListensOnLoopbackOnly);
    }

    [Fact]
    public async Task App_that_listens_at_127_0_0_1_is_told_apart()
    {
        var spec = Spec(AppKind.ListensOnLoopback);
        await Runtime.StartAsync(spec, Ct);

        var seen = await UntilAsync(spec.Id, instance => instance.ListensOnLoopbackOnly);

        Assert.Equal([], seen.ListeningPorts);
    }

    [Fact]
    public async Task Second_start_changes_nothing()
    {
        var spec = Spec(AppKind.Listens);
        var first = await Runtime.StartAsync(spec, Ct);

        var second = await Runtime.StartAsync(spec, Ct);

        Assert.Equal(first, second);
        Assert.Single(await Runtime.ListAsync(Ct));
    }

    [Fact]
    public async Task Starts_at_the_same_time_make_one_container()
    {
        var spec = Spec(AppKind.Listens);

        var started = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Runtime.StartAsync(spec, Ct)));

        Assert.All(started, instance => Assert.Equal(InstanceState.Running, instance.State));
        Assert.Single(started.Select(instance => instance.StartedAt).Distinct());
        Assert.Single(await Runtime.ListAsync(Ct));
    }

    [Fact]
    public async Task Exit_is_seen_with_its_code_and_the_last_output()
    {
        var spec = Spec(AppKind.PrintsAndExits) with { Environment = new Dictionary<string, string> { ["GREETING"] = "grüß dich = 'a b'" } };
        await Runtime.StartAsync(spec, Ct);

        var seen = await UntilAsync(spec.Id, instance => instance.State == InstanceState.Exited);

        Assert.Equal(3, seen.ExitCode);
        Assert.Null(seen.Address);
        Assert.NotNull(seen.FinishedAt);
        Assert.False(seen.WasOutOfMemory);
        Assert.Equal(["grüß dich = 'a b'", "one", "two", "three"], await Runtime.OutputAsync(spec.Id, 10, Ct));
        Assert.Equal(["two", "three"], await Runtime.OutputAsync(spec.Id, 2, Ct));
        Assert.Equal([], await Runtime.OutputAsync(spec.Id, 0, Ct));
    }

    [Fact]
    public async Task Exited_instance_is_started_again()
    {
        var spec = Spec(AppKind.PrintsAndExits);
        await Runtime.StartAsync(spec, Ct);
        var first = await UntilAsync(spec.Id, instance => instance.State == InstanceState.Exited);

        await Runtime.StartAsync(spec, Ct);

        var second = await UntilAsync(spec.Id, instance => instance.State == InstanceState.Exited && instance.StartedAt != first.StartedAt);
        Assert.Equal(first.Id, second.Id);
        Assert.Equal(2, (await Runtime.OutputAsync(spec.Id, 100, Ct)).Count(line => line == "three"));
        Assert.Single(await Runtime.ListAsync(Ct));
    }

    [Fact]
    public async Task Output_is_read_from_where_a_reader_left_off()
    {
        var spec = Spec(AppKind.PrintsAndExits);
        await Runtime.StartAsync(spec, Ct);
        await UntilAsync(spec.Id, instance => instance.State == InstanceState.Exited);

        var all = await Runtime.ReadOutputAsync(spec.Id, new(), Ct).ToListAsync(Ct);

        Assert.Equal(["", "one", "two", "three"], all.Select(line => line.Text));
        Assert.Equal(all.Select(line => line.At).Order(), all.Select(line => line.At));
        Assert.DoesNotContain(all, line => line.IsError);
        Assert.Equal(all[2..], await Runtime.ReadOutputAsync(spec.Id, new() { After = all[1].At }, Ct).ToListAsync(Ct));
        Assert.Equal(all[3..], await Runtime.ReadOutputAsync(spec.Id, new() { Tail = 1 }, Ct).ToListAsync(Ct));
        Assert.Equal(all, await Runtime.ReadOutputAsync(spec.Id, new() { Tail = OutputQuery.All }, Ct).ToListAsync(Ct));
        // Nothing more can come, so following ends too.
        Assert.Equal(all, await Runtime.ReadOutputAsync(spec.Id, new() { Follow = true }, Ct).ToListAsync(Ct));
        Assert.Empty(await Runtime.ReadOutputAsync(Spec(AppKind.Listens).Id, new() { Follow = true }, Ct).ToListAsync(Ct));
    }

    [Fact]
    public async Task Output_is_followed_until_the_instance_is_gone()
    {
        var spec = Spec(AppKind.PrintsAndStays);
        await Runtime.StartAsync(spec, Ct);

        var lines = new List<OutputLine>();
        await foreach (var line in Runtime.ReadOutputAsync(spec.Id, new() { Follow = true }, Ct))
        {
            lines.Add(line);
            if (lines.Count == 2) await Runtime.RemoveAsync(spec.Id, TimeSpan.Zero, Ct);
        }

        Assert.Equal([(true, "oops"), (false, "up")], lines.Select(line => (line.IsError, line.Text)).OrderBy(line => line.Text, StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_one_instance_writes_into_a_volume_the_next_one_reads()
    {
        var first = Spec(AppKind.Remembers) with { Volumes = [new("/data", "data")] };
        var second = Spec(AppKind.Remembers) with { Project = first.Project, Volumes = first.Volumes };
        var others = Spec(AppKind.Remembers) with { Volumes = first.Volumes };

        Assert.Equal(("1", first.Project), await RanAsync(first));
        Assert.Equal(("2", first.Project), await RanAsync(second));
        Assert.Equal(("1", others.Project), await RanAsync(others));

        await Assert.ThrowsAsync<VolumeInUseException>(() => Harness.Volumes.RemoveAsync(first.Project, "data", Ct));
        foreach (var spec in new[] { first, second }) await Runtime.RemoveAsync(spec.Id, _grace, Ct);
        Assert.Equal(("3", first.Project), await RanAsync(first));
        await Runtime.RemoveAsync(first.Id, _grace, Ct);
        await Harness.Volumes.RemoveAsync(first.Project, "data", Ct);
        await Harness.Volumes.RemoveAsync(first.Project, "data", Ct);
        Assert.Equal(("1", first.Project), await RanAsync(first));
        Assert.Equal(("1", others.Project), (await LastLineAsync(others), others.Project));
    }

    [Fact]
    public async Task A_folder_of_an_instances_own_goes_with_it()
    {
        var spec = Spec(AppKind.Remembers) with { Volumes = [new("/data", null)] };

        Assert.Equal(("1", null), await RanAsync(spec));
        Assert.Equal(("2", null), await RanAsync(spec));
        await Runtime.RemoveAsync(spec.Id, _grace, Ct);
        Assert.Equal(("1", null), await RanAsync(spec));
        // Made anew with others at its next start.
        Assert.Equal(("1", spec.Project), await RanAsync(spec with { Volumes = [new("/data", "data")] }));
        Assert.Equal(("2", spec.Project), await RanAsync(spec with { Volumes = [new("/data", "data")] }));
        Assert.Equal(("1", null), await RanAsync(spec));
    }

    [Fact]
    public async Task Memory_limit_ends_the_app_and_is_told()
    {
        var spec = Spec(AppKind.EatsMemory) with { Limits = new() { MemoryBytes = 32 << 20 } };
        await Runtime.StartAsync(spec, Ct);

        var seen = await UntilAsync(spec.Id, instance => instance.State == InstanceState.Exited);

        Assert.True(seen.WasOutOfMemory);
        Assert.Equal(137, seen.ExitCode);
    }

    [Fact]
    public async Task Missing_image_is_said_so()
    {
        var spec = Spec(AppKind.Listens) with { Image = $"sha256:{new string('0', 64)}" };

        var missing = await Assert.ThrowsAsync<ImageMissingException>(() => Runtime.StartAsync(spec, Ct));

        Assert.Contains(spec.Image, missing.Message, StringComparison.Ordinal);
        Assert.Empty(await Runtime.ListAsync(Ct));
    }

    [Fact]
    public async Task Removed_instance_is_gone_and_removing_again_is_fine()
    {
        var (running, exited) = (Spec(AppKind.Listens), Spec(AppKind.PrintsAndExits));
        await Runtime.StartAsync(running, Ct);
        await Runtime.StartAsync(exited, Ct);

        await Runtime.RemoveAsync(running.Id, _grace, Ct);
        await Runtime.RemoveAsync(exited.Id, _grace, Ct);
        await Runtime.RemoveAsync(exited.Id, _grace, Ct);

        Assert.Empty(await Runtime.ListAsync(Ct));
        Assert.Null(await Runtime.InspectAsync(running.Id, Ct));
        Assert.Equal([], await Runtime.OutputAsync(running.Id, 10, Ct));
    }

    [Fact]
    public async Task Removals_at_the_same_time_are_fine_and_a_start_after_them_makes_a_new_one()
    {
        var spec = Spec(AppKind.Listens);
        var first = await Runtime.StartAsync(spec, Ct);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Runtime.RemoveAsync(spec.Id, _grace, Ct)));

        Assert.NotEqual(first.StartedAt, (await Runtime.StartAsync(spec, Ct)).StartedAt);
    }

    [Fact]
    public async Task Restart_of_our_process_loses_nothing()
    {
        var spec = Spec(AppKind.Listens);
        var started = await Runtime.StartAsync(spec, Ct);

        var after = Harness.AfterRestart();

        Assert.Equal(started, Assert.Single(await after.ListAsync(Ct)));
        Assert.Equal(started, await after.StartAsync(spec, Ct));
    }

    [Fact]
    public async Task Another_home_neither_sees_nor_touches_it()
    {
        var spec = Spec(AppKind.Listens);
        var ours = await Runtime.StartAsync(spec, Ct);

        Assert.Empty(await Harness.OtherHome.ListAsync(Ct));
        Assert.Null(await Harness.OtherHome.InspectAsync(spec.Id, Ct));
        await Harness.OtherHome.RemoveAsync(spec.Id, _grace, Ct);

        Assert.Equal(ours, Assert.Single(await Runtime.ListAsync(Ct)));
        var theirs = await Harness.OtherHome.StartAsync(spec, Ct);
        Assert.Equal(InstanceState.Running, theirs.State);
        await Runtime.RemoveAsync(spec.Id, _grace, Ct);
        Assert.Equal(theirs, Assert.Single(await Harness.OtherHome.ListAsync(Ct)));
    }

    [Fact]
    public async Task Watch_tells_of_start_exit_and_removal_until_the_token_ends_it()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        await using var watch = Runtime.WatchAsync(stop.Token).GetAsyncEnumerator(stop.Token);
        Assert.Equal(default, await NextAsync(watch));

        var (running, exiting) = (Spec(AppKind.Listens), Spec(AppKind.PrintsAndExits));
        await Runtime.StartAsync(running, Ct);
        Assert.Equal(running.Id, await NextAsync(watch));
        await Runtime.StartAsync(exiting, Ct);
        Assert.Equal(exiting.Id, await NextAsync(watch));
        Assert.Equal(exiting.Id, await NextAsync(watch));
        await Runtime.RemoveAsync(running.Id, _grace, Ct);
        Assert.Equal(running.Id, await NextAsync(watch));

        var ended = NextUntilEndAsync(watch);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ended);
    }

    [Fact]
    public async Task Watch_tells_nothing_of_another_home()
    {
        await using var watch = Runtime.WatchAsync(Ct).GetAsyncEnumerator(Ct);
        Assert.Equal(default, await NextAsync(watch));

        await Harness.OtherHome.StartAsync(Spec(AppKind.PrintsAndExits), Ct);
        var ours = Spec(AppKind.Listens);
        await Runtime.StartAsync(ours, Ct);

        Assert.Equal(ours.Id, await NextAsync(watch));
    }

    protected InstanceSpec Spec(AppKind kind) => Harness.Spec(kind);

    /// <summary>What it said last in this start, and whose volumes it has.</summary>
    private async Task<(string? Said, ProjectId? DataOf)> RanAsync(InstanceSpec spec)
    {
        var before = (await Runtime.InspectAsync(spec.Id, Ct))?.StartedAt;
        await Runtime.StartAsync(spec, Ct);
        var seen = await UntilAsync(spec.Id, instance => instance.State == InstanceState.Exited && instance.StartedAt != before);
        return (await LastLineAsync(spec), seen.DataOf);
    }

    private async Task<string?> LastLineAsync(InstanceSpec spec) => (await Runtime.OutputAsync(spec.Id, 1, Ct)).LastOrDefault()?.Trim();

    /// <summary>The first look at it that fits.</summary>
    protected async Task<Instance> UntilAsync(InstanceId id, Func<Instance, bool> fits)
    {
        Instance? seen = null;
        try
        {
            return await Looking.UntilAsync(async () =>
            {
                seen = await Runtime.InspectAsync(id, Ct);
                Assert.NotNull(seen);
                return fits(seen) ? seen : null;
            }, _patience, $"{id} as it should be");
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}; it is still {seen}", e);
        }
    }

    private static async Task<InstanceId> NextAsync(IAsyncEnumerator<InstanceId> watch)
    {
        Assert.True(await watch.MoveNextAsync().AsTask().WaitAsync(_patience, Ct), "The watch ended without its token.");
        return watch.Current;
    }

    private static async Task NextUntilEndAsync(IAsyncEnumerator<InstanceId> watch)
    {
        while (await watch.MoveNextAsync())
        {
        }
    }
}
