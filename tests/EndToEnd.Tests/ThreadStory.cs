using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Slipway.Testing.Sourcing;

namespace EndToEnd.Tests;

/// <summary>One thin thread through the whole product: folder, push and button, each to a page fetched through the edge.</summary>
[Collection(nameof(OneMachine))]
[Trait("needs", "engine")]
[Trait("story", "thread")]
public sealed class ThreadStory(Installation slipway)
{
    [Fact]
    public async Task A_folder_by_the_CLI_becomes_a_page_and_its_log_stays()
    {
        var (exit, json, ran) = await slipway.DeployAsync(Checkout.Example("static"), "--project", "thread-folder");
        Assert.True(exit == 0, ran.ToString());
        Assert.Equal("ready", json["state"]?.GetValue<string>());
        Assert.Equal(json["productionUrl"]?.GetValue<string>(), json["url"]?.GetValue<string>());
        Assert.Equal(200, (await slipway.GetAsync(json["url"]!.GetValue<string>())).Status);
        Assert.Equal(200, (await slipway.GetAsync(json["previewUrl"]!.GetValue<string>())).Status);
        var log = await slipway.RunAsync("logs", json["id"]!.GetValue<string>());
        Assert.True(log.ExitCode == 0 && log.Output.Contains("ready after", StringComparison.Ordinal), log.ToString());
    }

    [Fact]
    public async Task A_signed_push_becomes_a_page_and_the_same_delivery_never_twice()
    {
        await using var git = await GitServer.StartAsync();
        var repository = await git.RepositoryAsync("pushed");
        var commit = await repository.CommitAsync(new Dictionary<string, string> { ["index.html"] = "<h1>pushed once</h1>" }, "first light");
        using var http = Authorized();
        (await http.PostAsJsonAsync("/v1/projects", new { name = "thread-push", gitUrl = git.Url("pushed") })).EnsureSuccessStatusCode();
        var hook = await (await http.PostAsync("/v1/projects/thread-push/webhook", null)).Content.ReadFromJsonAsync<JsonObject>();
        var secret = hook!["secret"]!.GetValue<string>();

        var push = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new
        {
            @ref = "refs/heads/main",
            before = new string('0', 40),
            after = commit,
            deleted = false,
            repository = new { clone_url = git.Url("pushed"), default_branch = "main" },
            head_commit = new { message = "first light", author = new { name = "Ada Lovelace" } },
        }));
        Assert.Equal(401, (int)(await DeliverAsync(push, null, "d-1")).StatusCode);
        Assert.Equal(401, (int)(await DeliverAsync(push, "wrong secret", "d-1")).StatusCode);

        var accepted = await DeliverAsync(push, secret, "d-1");
        Assert.Equal(202, (int)accepted.StatusCode);
        var id = (await accepted.Content.ReadFromJsonAsync<JsonArray>())![0]!["deployment"]!.GetValue<string>();
        var again = (await (await DeliverAsync(push, secret, "d-1")).Content.ReadFromJsonAsync<JsonArray>())![0]!;
        Assert.Equal("known", again["result"]!.GetValue<string>());

        var end = await slipway.EndOfAsync(id);
        Assert.True(end.State == "ready", end.Failure?.ToString());
        Assert.Equal((commit, "first light", "github"), (end.Source.Commit, end.Source.CommitMessage, end.Trigger));
        Assert.Contains("pushed once", (await slipway.GetAsync(end.ProductionUrl)).Body, StringComparison.Ordinal);
        Assert.Single(await slipway.Api.ListDeploymentsAsync("thread-push", 10, all: true, CancellationToken.None));
    }

    [Fact]
    [Trait("needs", "chromium")]
    public async Task The_Deploy_button_becomes_a_page_whose_log_is_seen_live_and_long_after()
    {
        await using var git = await GitServer.StartAsync();
        await (await git.RepositoryAsync("clicked")).CommitAsync(new Dictionary<string, string> { ["index.html"] = "<h1>clicked</h1>" }, "by hand");
        var open = Installation.Json(await slipway.RunAsync("open", "--json"));
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        var page = await browser.NewPageAsync();
        await page.GotoAsync($"{slipway.ApiAddress}/");
        Assert.EndsWith("/login", page.Url, StringComparison.Ordinal);

        var link = open["url"]!.GetValue<string>();
        await page.GotoAsync(link);
        await page.FillAsync("input[name=gitUrl]", git.Url("clicked"));
        await page.FillAsync("input[name=project]", "thread-button");
        await page.ClickAsync("button:has-text('Deploy')");
        await page.WaitForURLAsync("**/deployments/dpl_*");
        await page.Locator("#state.ready").WaitForAsync(new() { Timeout = 120_000 });
        await page.Locator("#log :text('ready after')").First.WaitForAsync();
        Assert.Equal("http://thread-button.localhost:" + slipway.Port, await page.Locator("#url").InnerTextAsync());

        await page.ReloadAsync();
        await page.Locator("#end:has-text('The log is complete.')").WaitForAsync();
        Assert.Contains("ready after", await page.Locator("#log").InnerTextAsync(), StringComparison.Ordinal);
        await page.Locator("#app:not([hidden]) #output").WaitForAsync();
        Assert.Contains("clicked", (await slipway.GetAsync("http://thread-button.localhost")).Body, StringComparison.Ordinal);
        // A link is good once.
        Assert.Equal(410, (await page.Context.APIRequest.GetAsync(link)).Status);
    }

    private HttpClient Authorized()
    {
        var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(slipway.ApiAddress) };
        http.DefaultRequestHeaders.Authorization = new("Bearer", slipway.Token);
        return http;
    }

    private async Task<HttpResponseMessage> DeliverAsync(byte[] body, string? secret, string delivery)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(slipway.ApiAddress) };
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("application/json");
        content.Headers.Add("X-GitHub-Event", "push");
        content.Headers.Add("X-GitHub-Delivery", delivery);
        if (secret is not null) content.Headers.Add("X-Hub-Signature-256", "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body)));
        return await http.PostAsync("/v1/hooks/github", content);
    }
}
