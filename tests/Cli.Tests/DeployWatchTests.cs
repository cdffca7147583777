using System.Net;
using System.Text;
using System.Text.Json;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Commands;
using Slipway.Cli.Output;
using Slipway.Client;
using Slipway.Core;
using Slipway.Testing;

namespace Slipway.Cli.Tests;

/// <summary>What a person sees of a deployment, from the server's own events.</summary>
public sealed class DeployWatchTests
{
    [Fact]
    public async Task A_ready_deployment_ends_with_its_addresses()
    {
        var (exitCode, stdout, stderr) = await WatchAsync(isJson: false, Samples.Ready, Samples.ReadyLog);
        Assert.Equal(ExitCode.Done, exitCode);
        Assert.Equal("", stderr);
        Golden.Match(stdout, "tests/Cli.Tests/Goldens/deploy/ready.txt");
    }

    [Fact]
    public async Task A_failed_one_ends_with_the_failing_steps_last_words()
    {
        var (exitCode, stdout, stderr) = await WatchAsync(isJson: false, Samples.Failed, Samples.FailedLog);
        Assert.Equal(ExitCode.Failed, exitCode);
        Golden.Match(stdout + "--- stderr\n" + stderr, "tests/Cli.Tests/Goldens/deploy/failed.txt");
    }

    [Fact]
    public async Task With_json_stdout_is_one_document_and_the_log_is_on_stderr()
    {
        var (exitCode, stdout, stderr) = await WatchAsync(isJson: true, Samples.Failed, Samples.FailedLog);
        Assert.Equal(ExitCode.Failed, exitCode);
        Golden.Match(stdout, "tests/Cli.Tests/Goldens/json/deploy.json");
        Assert.Contains("npm run build", stderr, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_canceled_one_is_exit_1()
    {
        var (exitCode, _, stderr) = await WatchAsync(isJson: false, Samples.Ready with { State = "canceled" }, []);
        Assert.Equal(ExitCode.Failed, exitCode);
        Assert.Contains("canceled: dpl_", stderr, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_last_twenty_lines_of_the_failing_step_are_kept()
    {
        var words = new LastWords();
        for (var i = 1; i <= 30; i++) words.Add(Samples.Line("3/4", "err", $"wanted {i}"), $"wanted {i}");
        words.Add(Samples.Line("2/4", "out", "beside it"), "beside it");
        words.Add(Samples.Line("3/4", "system", "not a program's"), "not a program's");
        Assert.Equal(Enumerable.Range(11, 20).Select(i => $"wanted {i}"), words.Of("[3/4] RUN x"));
        Assert.Equal(["beside it"], words.Of(null));
    }

    private static async Task<(int ExitCode, string Out, string Err)> WatchAsync(bool isJson, DeploymentView end, LogLineView[] log)
    {
        using var stdout = new StringWriter();
        using var stderr = new StringWriter();
        var context = new CliContext(new Screen(stdout, stderr, isJson, isTerminal: false), new SlipwayHome("/nowhere"), TimeProvider.System, null);
        using var server = new SlipwayClient(new Uri("http://slipway.test"), "token", handler: new Stream(log, end));
        var watch = new DeployWatch(context);
        var seen = await Progress.RunAsync(context.Screen, context.Time, progress => watch.FollowAsync(server, end with { State = "queued" }, progress, TestContext.Current.CancellationToken));
        return (watch.Conclude(seen), stdout.ToString(), stderr.ToString());
    }

    /// <summary>A server that sends one log and its end.</summary>
    private sealed class Stream(LogLineView[] log, DeploymentView end) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var events = new StringBuilder();
            foreach (var line in log) events.Append($"event: line\nid: {line.Sequence}\ndata: {JsonSerializer.Serialize(line, JsonSerializerOptions.Web)}\n\n");
            events.Append($"event: end\ndata: {JsonSerializer.Serialize(end, JsonSerializerOptions.Web)}\n\n");
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(events.ToString(), Encoding.UTF8, "text/event-stream") });
        }
    }
}
