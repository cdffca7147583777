using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Slipway.Client;
using Slipway.Testing.Hosting;
using Slipway.Testing.Sourcing;

namespace EndToEnd.Tests;

/// <summary>What production is, moved by a person while visitors read it: promote, roll back, pinned, released.</summary>
[Collection(nameof(OneMachine))]
[Trait("needs", "engine")]
[Trait("story", "aliases")]
public sealed class AliasStory(Installation slipway)
{
    private const string Project = "alias-shop";

    [Fact]
    public async Task Production_moves_under_load_and_stays_where_a_roll_back_pinned_it()
    {
        var folder = Directory.CreateTempSubdirectory("e2e-alias-").FullName;
        var one = await DeployAsync(folder, "one");
        var two = await DeployAsync(folder, "two");
        var production = one["productionUrl"]!.GetValue<string>();
        Assert.Equal("one", (await slipway.GetAsync(production)).Body);

        await using (var visitors = new Visitors(slipway, production))
        {
            var promoted = await MovedAsync("promote", Id(two), "--json");
            Assert.Equal((Id(two), false), (promoted["deployment"]!["id"]!.GetValue<string>(), promoted["pinned"]!.GetValue<bool>()));
            Assert.Equal("two", (await slipway.GetAsync(production)).Body);

            var back = await MovedAsync("rollback", Project, "--json");
            Assert.Equal((Id(two), Id(one)), (back["rollback"]!["from"]!["id"]!.GetValue<string>(), back["rollback"]!["to"]!["id"]!.GetValue<string>()));
            Assert.True(back["production"]!["pinned"]!.GetValue<bool>());
            Assert.Equal("one", (await slipway.GetAsync(production)).Body);

            // To and fro, each told only once the edge serves it: the very next request is answered by the new one.
            for (var i = 0; i < 10; i++)
            {
                Tell("promote", await slipway.Api.PromoteAsync(Id(two), CancellationToken.None));
                Assert.Equal("two", (await slipway.GetAsync(production)).Body);
                Tell("rollback", await slipway.Api.RollbackAsync(Project, new RollbackRequest(), CancellationToken.None));
                Assert.Equal("one", (await slipway.GetAsync(production)).Body);
            }

            Assert.Empty(visitors.Failures);
            Assert.True(visitors.Answers["one"] > 0 && visitors.Answers["two"] > 0, $"{visitors.Answers.Count} kinds of answers");
            TestContext.Current.TestOutputHelper?.WriteLine($"{visitors.Answers["one"] + visitors.Answers["two"]} requests, none failed");
        }

        var pinned = await DeployAsync(folder, "three", "--prod");
        Assert.Equal((pinned["previewUrl"]!.GetValue<string>(), "one"), (pinned["url"]!.GetValue<string>(), (await slipway.GetAsync(production)).Body));
        Assert.Contains($"production is pinned to {Id(one)} by a rollback", (await slipway.RunAsync("logs", Id(pinned))).Output, StringComparison.Ordinal);

        Assert.Equal(0, (await slipway.RunAsync("rollback", "--release", Project)).ExitCode);
        Assert.Equal("one", (await slipway.GetAsync(production)).Body);
        await DeployAsync(folder, "four", "--prod");
        Assert.Equal("four", (await slipway.GetAsync(production)).Body);
        Assert.Equal("two", (await slipway.GetAsync(two["previewUrl"]!.GetValue<string>())).Body);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_branch_has_a_host_that_follows_its_newest_deployment()
    {
        await using var git = await GitServer.StartAsync();
        var repository = await git.RepositoryAsync("branched");
        await repository.CommitAsync(new Dictionary<string, string> { ["index.html"] = "first" }, "first");
        string[] deploy = ["deploy", git.Url("branched"), "--project", "alias-branch", "--json"];
        var first = Installation.Json(await slipway.RunAsync(deploy));
        var host = (await slipway.Api.ListAliasesAsync("alias-branch", CancellationToken.None)).Single(a => a.Kind == "branch");
        Assert.Equal((first["id"]!.GetValue<string>(), $"alias-branch-git-{host.Branch}.localhost"), (host.Deployment, host.Host));
        Assert.Equal("first", (await slipway.GetAsync(host.Url)).Body);

        await repository.CommitAsync(new Dictionary<string, string> { ["index.html"] = "second" }, "second");
        var second = await slipway.RunAsync(deploy);
        Assert.True(second.ExitCode == 0, second.ToString());
        Assert.Equal("second", (await slipway.GetAsync(host.Url)).Body);
        Assert.Equal("first", (await slipway.GetAsync(first["productionUrl"]!.GetValue<string>())).Body);
        Assert.Contains(host.Url, (await slipway.RunAsync("alias", "ls", "alias-branch")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_over_ends_and_says_so_at_its_address_until_it_is_built_again()
    {
        await using var git = await GitServer.StartAsync();
        var repository = await git.RepositoryAsync("ending");
        await repository.CommitAsync(new Dictionary<string, string> { ["index.html"] = "main" }, "first");
        string[] deploy = ["deploy", git.Url("ending"), "--project", "alias-ending", "--json"];
        var main = Installation.Json(await slipway.RunAsync(deploy));
        await repository.CommitAsync(new Dictionary<string, string> { ["index.html"] = "feature" }, "a feature", "feature");
        var feature = Installation.Json(await slipway.RunAsync(["deploy", $"{git.Url("ending")}#feature", .. deploy[2..]]));
        var preview = feature["previewUrl"]!.GetValue<string>();
        Assert.Equal((200, "feature"), await slipway.GetAsync(preview));

        await repository.RemoveBranchAsync("feature");
        var ended = await EndedAsync(preview, "its repository has the branch feature no more");
        Assert.Contains($"slipway redeploy {Id(feature)}", ended, StringComparison.Ordinal);
        Assert.Contains("the branch feature no more", (await slipway.RunAsync("inspect", Id(feature))).Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Id(feature), (await slipway.RunAsync("ls", "alias-ending")).Output, StringComparison.Ordinal);
        Assert.Contains(Id(feature), (await slipway.RunAsync("ls", "alias-ending", "--all")).Output, StringComparison.Ordinal);
        Assert.Contains("the instance answered with 200", (await slipway.RunAsync("logs", Id(feature))).Output, StringComparison.Ordinal);

        var again = await slipway.RunAsync("redeploy", Id(feature), "--json");
        Assert.True(again.ExitCode == 0, again.ToString());
        Assert.Equal((200, "feature"), await slipway.GetAsync(preview));
        Assert.Equal((200, "feature"), await slipway.GetAsync(Installation.Json(again)["previewUrl"]!.GetValue<string>()));

        // The same preview, for want of visitors; it is idle already when the time is set, which is when it is looked at.
        await Task.Delay(TimeSpan.FromSeconds(1.5), TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Equal(0, (await slipway.RunAsync("keep", "alias-ending", "--idle", "1s")).ExitCode);
        // Who asks at the address would be a visitor.
        var reason = await Looking.UntilAsync(async () => (await slipway.Api.GetDeploymentAsync(Id(Installation.Json(again)), CancellationToken.None)).Ended?.Reason, TimeSpan.FromSeconds(60), "the preview ends");
        Assert.Equal("idle", reason);
        Assert.Contains("Its log is kept", await EndedAsync(preview, ""), StringComparison.Ordinal);
        Assert.Equal((200, "main"), await slipway.GetAsync(main["productionUrl"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_project_says_what_it_means_to_be_up()
    {
        var folder = Directory.CreateTempSubdirectory("e2e-health-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "index.html"), "one", TestContext.Current.CancellationToken);
        var (_, up, _) = await slipway.DeployAsync([folder, "--project", "alias-health"]);
        Assert.Equal(0, (await slipway.RunAsync("health", "alias-health", "--path", "/healthz.html", "--status", "200", "--grace", "1s")).ExitCode);

        await File.WriteAllTextAsync(Path.Combine(folder, "index.html"), "two", TestContext.Current.CancellationToken);
        var (exit, failed, ran) = await slipway.DeployAsync([folder, "--project", "alias-health", "--prod"]);
        Assert.Equal((1, "run.unhealthy"), (exit, failed["failure"]!["code"]!.GetValue<string>()));
        Assert.Contains("answered 404 at /healthz.html after 1 s, and 200 was expected", ran.Error, StringComparison.Ordinal);
        Assert.Equal((200, "one"), await slipway.GetAsync(up["productionUrl"]!.GetValue<string>()));

        await File.WriteAllTextAsync(Path.Combine(folder, "healthz.html"), "well", TestContext.Current.CancellationToken);
        Assert.Equal(0, (await slipway.DeployAsync([folder, "--project", "alias-health", "--prod"])).ExitCode);
        Assert.Equal((200, "two"), await slipway.GetAsync(up["productionUrl"]!.GetValue<string>()));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Previews_ask_for_a_password_also_those_of_a_new_deployment()
    {
        var folder = Directory.CreateTempSubdirectory("e2e-protect-").FullName;
        var one = await DeployAsync(folder, "one", "--project", "alias-protect");
        var made = await slipway.RunAsync("protect", "alias-protect", "--previews", "--generate", "--json");
        var password = Installation.Json(made)["password"]!.GetValue<string>();
        var (preview, production) = (one["previewUrl"]!.GetValue<string>(), one["productionUrl"]!.GetValue<string>());
        Assert.Equal((401, 200), ((await slipway.GetAsync(preview)).Status, (await slipway.GetAsync(production)).Status));
        Assert.Equal((200, "one"), await slipway.GetAsync(preview, password: password));

        // Ready means that the app answered, whatever strangers are told.
        var two = await DeployAsync(folder, "two", "--project", "alias-protect");
        var second = two["previewUrl"]!.GetValue<string>();
        Assert.Equal(401, (await slipway.GetAsync(second)).Status);
        Assert.Equal((200, "two"), await slipway.GetAsync(second, password: password));
        Assert.Contains("protected   by a password: previews; production is open", (await slipway.RunAsync("inspect", Id(two))).Output, StringComparison.Ordinal);

        Assert.Equal(0, (await slipway.RunAsync("protect", "alias-protect", "--off")).ExitCode);
        Assert.Equal((200, "two"), await slipway.GetAsync(second));
        Assert.DoesNotContain(password, await File.ReadAllTextAsync(Path.Combine(slipway.Home, "edge", "table.json"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.DoesNotContain(password, await File.ReadAllTextAsync(Path.Combine(slipway.Home, "logs", "server.log"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>The page that is at an address once its deployment has ended.</summary>
    private async Task<string> EndedAsync(string url, string why)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            var (status, body) = await slipway.GetAsync(url);
            // Nobody sees a gap on the way.
            Assert.True(status is 200 or 410, $"{status} {body}");
            if (status == 410)
            {
                Assert.Contains(why, body, StringComparison.Ordinal);
                return body;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, limit.Token);
        }
    }

    private async Task<JsonNode> DeployAsync(string folder, string text, params string[] more)
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "index.html"), text);
        var (exit, json, ran) = await slipway.DeployAsync([folder, .. more.Contains("--project") ? [] : new[] { "--project", Project }, .. more]);
        Assert.True(exit == 0, ran.ToString());
        return json;
    }

    private async Task<JsonNode> MovedAsync(params string[] arguments)
    {
        var ran = await slipway.RunAsync(arguments);
        Assert.True(ran.ExitCode == 0, ran.ToString());
        return Installation.Json(ran);
    }

    private static string Id(JsonNode deployment) => deployment["id"]!.GetValue<string>();

    private static void Tell(string what, ProductionView moved) => TestContext.Current.TestOutputHelper?.WriteLine($"{what}: served after {moved.TookMs} ms");

    /// <summary>Four who read production without pause, each on a connection of its own.</summary>
    private sealed class Visitors : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly List<Task> _reading;

        public Visitors(Installation slipway, string url) => _reading = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(() => ReadAsync(slipway.Port, new Uri(url).Authority)))];

        /// <summary>How often each body was answered.</summary>
        public ConcurrentDictionary<string, int> Answers { get; } = new();

        public ConcurrentQueue<string> Failures { get; } = new();

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Task.WhenAll(_reading);
            _stop.Dispose();
        }

        private async Task ReadAsync(int port, string host)
        {
            using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
            while (!_stop.IsCancellationRequested)
            {
                try
                {
                    using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"http://127.0.0.1:{port}/"));
                    request.Headers.Host = host;
                    using var response = await http.SendAsync(request);
                    var body = await response.Content.ReadAsStringAsync();
                    if (response.IsSuccessStatusCode) Answers.AddOrUpdate(body, 1, (_, n) => n + 1);
                    else Failures.Enqueue($"{(int)response.StatusCode}: {body[..Math.Min(200, body.Length)]}");
                }
                catch (HttpRequestException e)
                {
                    Failures.Enqueue(e.Message);
                }
            }
        }
    }
}
