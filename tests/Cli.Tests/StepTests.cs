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

/// <summary>Steps as a person sees them: while they run, and long after.</summary>
public sealed class StepTests
{
    [Fact]
    public void A_list_of_steps_says_time_cache_and_reason() =>
        Golden.Match(string.Join('\n', StepText.Lines(Samples.Steps, Samples.Steps[0].StartedAt.AddSeconds(4))) + "\n", "tests/Cli.Tests/Goldens/steps.txt");

    [Fact]
    public async Task Logs_with_steps_prints_them_and_with_json_the_servers_own_list()
    {
        var (plain, _) = await LogsAsync(isJson: false, step: null, steps: true);
        Assert.Contains("cached  [packages 4/4] RUN npm ci", plain, StringComparison.Ordinal);
        var (json, _) = await LogsAsync(isJson: true, step: null, steps: true);
        Assert.Equal(Samples.Steps, JsonSerializer.Deserialize<StepView[]>(json, JsonSerializerOptions.Web));
    }

    [Fact]
    public async Task A_log_of_many_pages_is_one_array_that_is_never_held_as_a_whole()
    {
        var (json, requests) = await LogsAsync(isJson: true, step: null, steps: false);
        var lines = JsonSerializer.Deserialize<List<LogLineView>>(json, JsonSerializerOptions.Web);
        Assert.Equal(Enumerable.Range(1, Pages.Lines).Select(i => (long)i), lines!.Select(l => l.Sequence));
        Assert.Equal(Pages.Lines / Pages.Size + 1, requests.Count(r => r.Contains("/logs?", StringComparison.Ordinal)));
        Assert.All(lines!, l => Assert.Equal("made in \"2\" <b>", l.Text));
    }

    [Fact]
    public async Task The_lines_of_one_step_are_had_alone()
    {
        var (plain, _) = await LogsAsync(isJson: false, step: "build 1/2", steps: false);
        Assert.Equal(Pages.Lines / 2, plain.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        var (none, _) = await LogsAsync(isJson: true, step: "nothing", steps: false);
        Assert.Empty(JsonSerializer.Deserialize<List<LogLineView>>(none, JsonSerializerOptions.Web)!);
    }

    [Fact]
    public void What_runs_is_shown_with_its_time_and_its_last_words_and_no_wider_than_the_screen()
    {
        var time = new Clock();
        var steps = new LiveSteps(time);
        steps.Begin("a 1/1", "[a 1/1] RUN " + new string('x', 200));
        steps.Begin("b 1/1", "[b 1/1] RUN make");
        steps.Say("b 1/1", "compiling main.c");
        steps.Say("nobody", "is not heard");
        time.Seconds = 3;
        var rows = steps.Rows(60).ToList();
        Assert.Equal(("[b 1/1] RUN make", "3.0 s  compiling main.c"), rows[1]);
        Assert.All(rows, r => Assert.InRange(r.Head.Length + r.Tail.Length, 1, 59));
        steps.End("a 1/1");
        Assert.Single(steps.Rows(60));
        for (var i = 0; i < 10; i++) steps.Begin($"c {i}/10", "c");
        Assert.Equal(("", "and 5 more"), steps.Rows(60).Last());
    }

    private static async Task<(string Out, List<string> Requests)> LogsAsync(bool isJson, string? step, bool steps)
    {
        using var stdout = new StringWriter();
        var context = new CliContext(new Screen(stdout, TextWriter.Null, isJson, isTerminal: false), new SlipwayHome("/nowhere"), TimeProvider.System, null);
        var pages = new Pages();
        using var server = new SlipwayClient(new Uri("http://slipway.test"), "token", handler: pages);
        Assert.Equal(ExitCode.Done, await new LogsCommand.Logs(context, server, step).RunAsync("shop", steps, follow: false, TestContext.Current.CancellationToken));
        return (stdout.ToString(), pages.Requests);
    }

    private sealed class Clock : TimeProvider
    {
        public int Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }

    /// <summary>A server that gives a log in pages.</summary>
    private sealed class Pages : HttpMessageHandler
    {
        public const int Lines = 20;
        public const int Size = 5;

        public List<string> Requests { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var path = request.RequestUri!.PathAndQuery;
            Requests.Add(path);
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(Answer(path), Encoding.UTF8, "application/json") });
        }

        private static string Answer(string path)
        {
            if (path.EndsWith("/steps", StringComparison.Ordinal)) return JsonSerializer.Serialize(Samples.Steps, JsonSerializerOptions.Web);
            if (!path.Contains("/logs?after=", StringComparison.Ordinal)) return JsonSerializer.Serialize(Samples.Ready, JsonSerializerOptions.Web);
            var after = int.Parse(path.Split("after=")[1].Split('&')[0], System.Globalization.CultureInfo.InvariantCulture);
            return JsonSerializer.Serialize(Enumerable.Range(after + 1, Math.Min(Size, Lines - after)).Select(i => Samples.Line($"build {i % 2}/2", "out", "made in \"2\" <b>") with { Sequence = i }), JsonSerializerOptions.Web);
        }
    }
}
