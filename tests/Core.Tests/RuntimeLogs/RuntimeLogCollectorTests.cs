using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Core;
using Slipway.Core.Deployments;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.RuntimeLogs;
using Slipway.Core.Tenancy;
using Slipway.Testing;
using Slipway.Testing.Contracts;
using Slipway.Testing.Hosting;
using Slipway.Testing.InMemory;

namespace Core.Tests.RuntimeLogs;

/// <summary>From an engine's logs into ours, on twins in memory.</summary>
public sealed class RuntimeLogCollectorTests : IAsyncLifetime
{
    private static readonly TimeProvider Time = TimeProvider.System;

    private readonly InMemoryStore _store = new(Time);
    private readonly InMemoryContainerRuntime _runtime = new(Time);
    private readonly InMemoryRuntimeLog _log = new();
    private readonly ObservedInstances _observed = new();
    private RuntimeLogCollector? _collector;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _runtime.Images["app"] = new ScriptedApp { Output = _ => ["up"] };
        await BeginAsync();
    }

    public async ValueTask DisposeAsync() => await EndAsync();

    [Fact]
    public async Task Lines_outlive_restarts_the_container_and_this_process_each_once()
    {
        var d = await RunAsync();
        await UntilAsync(d, "up");
        _runtime.Print(InstanceId.Of(d.Id), "one");
        await UntilAsync(d, "up one");

        await EndAsync();
        _runtime.Print(InstanceId.Of(d.Id), "while-away");
        await BeginAsync();
        await LookAsync();
        await UntilAsync(d, "up one while-away");

        _runtime.Exit(InstanceId.Of(d.Id), 1);
        await StartAsync(d);
        await LookAsync();
        await UntilAsync(d, "up one while-away up");

        await _runtime.SleepAsync(InstanceId.Of(d.Id), SleepDepth.Stopped, TimeSpan.Zero, Ct);
        _runtime.Print(InstanceId.Of(d.Id), "last-words");
        await (_collector ?? throw new InvalidOperationException()).DrainAsync(InstanceId.Of(d.Id), Ct);
        await _runtime.RemoveAsync(InstanceId.Of(d.Id), TimeSpan.Zero, Ct);
        await LookAsync();
        await UntilAsync(d, "up one while-away up last-words");
    }

    [Fact]
    public async Task What_sleeps_when_we_come_up_is_read_once_and_what_wakes_is_followed()
    {
        await EndAsync();
        var d = await RunAsync(look: false);
        await _runtime.SleepAsync(InstanceId.Of(d.Id), SleepDepth.Frozen, TimeSpan.Zero, Ct);
        await BeginAsync();
        await LookAsync();
        await UntilAsync(d, "up");

        await StartAsync(d);
        _runtime.Print(InstanceId.Of(d.Id), "awake");
        await LookAsync();
        await UntilAsync(d, "up awake");
    }

    [Fact]
    public async Task A_full_disk_loses_nothing()
    {
        _log.Fault = new IOException("no space left on device");
        var d = await RunAsync();
        await Looking.UntilAsync(() => _log.Refused > 0 ? _log : null, Awaiting.Patience, "a line that the disk did not take");
        _runtime.Print(InstanceId.Of(d.Id), "more");
        _log.Fault = null;
        await UntilAsync(d, "up more");
    }

    [Fact]
    public async Task What_has_ended_is_not_collected()
    {
        using var system = TeamScope.EnterSystem();
        var d = await RunAsync(look: false);
        await _store.Deployments.ApplyAsync(d.Id, new CancelRequested("test"), Ct);
        await _store.Deployments.ApplyAsync(d.Id, new Retired("test"), Ct);
        var other = await RunAsync();
        await UntilAsync(other, "up");
        Assert.Equal([other.Id], _log.List());
    }

    private async Task<Deployment> RunAsync(bool look = true)
    {
        using var system = TeamScope.EnterSystem();
        var project = (await _store.Projects.CreateAsync(StoreSamples.Project(Time), Ct)).Value;
        var d = (await _store.Deployments.CreateAsync(StoreSamples.Deployment(Time, project), Ct)).Value;
        await StartAsync(d);
        if (look) await LookAsync();
        return d;
    }

    private Task StartAsync(Deployment d) => _runtime.StartAsync(
        new InstanceSpec { Id = InstanceId.Of(d.Id), Deployment = d.Id, Project = d.Project, Image = "app", Port = 3000, Environment = new Dictionary<string, string>() }, Ct);

    /// <summary>As the reconciler does after each change.</summary>
    private async Task LookAsync() => _observed.Publish(await _runtime.ListAsync(Ct));

    private async Task UntilAsync(Deployment d, string text)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(Awaiting.Patience);
        var seen = "";
        while (seen != text)
        {
            Assert.False(limit.IsCancellationRequested, $"'{seen}' instead of '{text}'");
            await Task.Delay(TimeSpan.FromMilliseconds(20), Time, Ct);
            seen = string.Join(' ', (await _log.ReadAsync(new(d.Project, d.Id), Ct)).Select(line => line.Text));
        }
    }

    private Task BeginAsync()
    {
        _collector = new RuntimeLogCollector(_runtime, _store.Deployments, _log, _observed, Time, NullLogger<RuntimeLogCollector>.Instance);
        return _collector.StartAsync(Ct);
    }

    private async Task EndAsync()
    {
        if (_collector is null) return;
        await _collector.StopAsync(CancellationToken.None);
        _collector.Dispose();
    }
}
