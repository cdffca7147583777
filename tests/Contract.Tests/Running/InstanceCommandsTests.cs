using Slipway.Contract.Tests.Engine;
using Slipway.Core.Pipeline.Running;
using Slipway.Testing.Contracts;
using Slipway.Testing.InMemory;

namespace Slipway.Contract.Tests.Running;

/// <summary>The twin that other tests run on.</summary>
public sealed class InMemoryCommandsTests : InstanceCommandsContract
{
    protected override ContainerRuntimeHarness Harness { get; } = new InMemoryRuntimeHarness();

    protected override IInstanceCommands Commands => new InMemoryCommands(Harness.Runtime);

    public override ValueTask InitializeAsync() => ValueTask.CompletedTask;
}

/// <summary>The contract on a real engine, and what only a real one can show.</summary>
[Trait("needs", "engine")]
public sealed class DockerCommandsTests(TestEngine engine) : InstanceCommandsContract, IClassFixture<TestEngine>
{
    private DockerRuntimeHarness? _harness;

    protected override ContainerRuntimeHarness Harness => _harness ?? throw new InvalidOperationException("not begun");

    protected override IInstanceCommands Commands => engine.Commands(_harness?.Home ?? "");

    protected override IReadOnlyList<string> Busybox => ["/bin/busybox"];

    public override async ValueTask InitializeAsync() => _harness = await DockerRuntimeHarness.CreateAsync(engine);

    [Fact]
    public async Task A_command_has_the_apps_user_and_no_more_rights() =>
        Assert.Equal((0, "10001\nCapEff:\t0000000000000000\n", ""), await RunAsync(await StartedAsync(), ["/bin/sh", "-c", "busybox id -u; busybox grep CapEff /proc/self/status"]));

    [Fact]
    public async Task With_a_terminal_it_has_one_of_the_size_that_is_told()
    {
        await using var command = await Commands.BeginAsync(await StartedAsync(), new InstanceCommand(["/bin/sh", "-c", "read x; busybox stty size; exit 7"], HasTerminal: true), Ct) ?? throw new InvalidOperationException();
        await command.ResizeAsync(123, 45, Ct);
        await command.WriteAsync("\n"u8.ToArray(), Ct);
        var (text, buffer) = ("", new byte[1000]);
        while (await command.ReadAsync(buffer, Ct) is { Count: > 0 } read) text += System.Text.Encoding.UTF8.GetString(buffer, 0, read.Count);
        Assert.Contains("45 123", text, StringComparison.Ordinal);
        Assert.Equal(7, await command.ExitCodeAsync(Ct));
    }

    [Fact]
    public async Task Disposed_it_ends_what_runs_on()
    {
        var id = await StartedAsync();
        var command = await Commands.BeginAsync(id, new InstanceCommand(["/bin/busybox", "sleep", "4711"]), Ct) ?? throw new InvalidOperationException();
        Assert.Contains("sleep 4711", (await RunAsync(id, ["/bin/busybox", "ps"])).Output, StringComparison.Ordinal);
        await command.DisposeAsync();
        Assert.DoesNotContain("sleep 4711", (await RunAsync(id, ["/bin/busybox", "ps"])).Output, StringComparison.Ordinal);
    }
}
