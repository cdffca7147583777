using System.Text;
using Slipway.Core;
using Slipway.Core.Pipeline.Running;

namespace Slipway.Testing.Contracts;

/// <summary>What every <see cref="IInstanceCommands"/> does, in an instance of its runtime whose image holds busybox.</summary>
public abstract class InstanceCommandsContract : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    protected abstract ContainerRuntimeHarness Harness { get; }

    protected abstract IInstanceCommands Commands { get; }

    /// <summary>What comes before a program of busybox.</summary>
    protected virtual IReadOnlyList<string> Busybox => [];

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    public abstract ValueTask InitializeAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return Harness.DisposeAsync();
    }

    [Fact]
    public async Task Words_come_as_they_are_and_no_shell_reads_them() =>
        Assert.Equal((0, "a b $HOME `id` ; * 'é'\n", ""), await RunAsync(await StartedAsync(), [.. Busybox, "echo", "a b", "$HOME", "`id`", ";", "*", "'é'"]));

    [Fact]
    public async Task Input_goes_in_and_its_end_is_told()
    {
        var sent = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"line {i}\n"));
        Assert.Equal((0, sent, ""), await RunAsync(await StartedAsync(), [.. Busybox, "cat"], sent));
    }

    [Fact]
    public async Task Output_and_errors_are_told_apart()
    {
        var (code, output, errors) = await RunAsync(await StartedAsync(), [.. Busybox, "ls", "/nothing-here"]);
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("No such file", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(255)]
    public async Task The_exit_code_is_the_programs_own(int code) => Assert.Equal(code, (await RunAsync(await StartedAsync(), [.. Busybox, "sh", "-c", $"exit {code}"])).Code);

    [Fact]
    public async Task A_program_that_is_not_there_is_an_exit_with_its_reason()
    {
        var (code, output, errors) = await RunAsync(await StartedAsync(), ["no-such-program"]);
        Assert.True(code is 126 or 127, $"{code}");
        Assert.Contains("no-such-program", output + errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_what_does_not_run_nothing_is_run()
    {
        var id = await StartedAsync();
        await Harness.Runtime.SleepAsync(id, SleepDepth.Stopped, TimeSpan.FromSeconds(5), Ct);
        Assert.Null(await Commands.BeginAsync(id, new InstanceCommand(["echo"]), Ct));
        Assert.Null(await Commands.BeginAsync(InstanceId.Of(StrongId.New<DeploymentId>(TimeProvider.System)), new InstanceCommand(["echo"]), Ct));
    }

    protected async Task<InstanceId> StartedAsync() => (await Harness.Runtime.StartAsync(Harness.Spec(AppKind.Listens), Ct)).Id;

    protected async Task<(int Code, string Output, string Errors)> RunAsync(InstanceId id, IReadOnlyList<string> words, string input = "")
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(Patience);
        await using var command = await Commands.BeginAsync(id, new InstanceCommand(words), limit.Token) ?? throw new InvalidOperationException("it does not run");
        var writing = WriteAsync(command, Encoding.UTF8.GetBytes(input), limit.Token);
        var (output, errors, buffer) = (new MemoryStream(), new MemoryStream(), new byte[8 << 10]);
        while (await command.ReadAsync(buffer, limit.Token) is { Count: > 0 } read) (read.IsError ? errors : output).Write(buffer, 0, read.Count);
        await writing;
        return (await command.ExitCodeAsync(limit.Token), Encoding.UTF8.GetString(output.ToArray()), Encoding.UTF8.GetString(errors.ToArray()));
    }

    private static async Task WriteAsync(RunningCommand command, byte[] input, CancellationToken ct)
    {
        if (input.Length > 0) await command.WriteAsync(input, ct);
        command.EndInput();
    }
}
