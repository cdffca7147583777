using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.Core.BuildLogs;
using Slipway.Testing.Sourcing;

namespace Server.Tests;

public sealed class DeploymentApiTests(RunningApi api) : IClassFixture<RunningApi>
{
    [Theory]
    [InlineData("""{}""", "deployment.source_missing", "gitUrl")]
    [InlineData("""{"gitUrl":"https://example.com/a","upload":"upl_x"}""", "deployment.source_missing", "gitUrl")]
    [InlineData("""{"gitUrl":"--upload-pack=touch x"}""", "fetch.url_invalid", "gitUrl")]
    [InlineData("""{"gitUrl":"ext::sh -c id"}""", "fetch.url_invalid", "gitUrl")]
    [InlineData("""{"gitUrl":"/etc/passwd"}""", "fetch.url_invalid", "gitUrl")]
    [InlineData("""{"gitUrl":"https://example.com/a.git","ref":"-x"}""", "fetch.ref_invalid", "ref")]
    [InlineData("""{"gitUrl":"https://example.com/a.git","ref":"a;b"}""", "fetch.ref_invalid", "ref")]
    [InlineData("""{"gitUrl":"https://example.com/a.git","rootDirectory":"../x"}""", "plan.root_invalid", "rootDirectory")]
    [InlineData("""{"gitUrl":"https://example.com/a.git","rootDirectory":"/x"}""", "plan.root_invalid", "rootDirectory")]
    [InlineData("""{"gitUrl":"https://example.com/a.git","project":"a/b"}""", "project.name_invalid", "project")]
    [InlineData("""{"gitUrl":"https://example.com/a.git","project":"slipway"}""", "project.name_invalid", "project")]
    [InlineData("""{"gitUrl":"https://example.com/a.git","environment":{"":"x"}}""", "env.name_invalid", "environment")]
    [InlineData("""{"gitUrl":"https://example.com/a.git","environment":{"A B":"x"}}""", "env.name_invalid", "environment")]
    [InlineData("""{"upload":"upl_00000000000000000000000000000000"}""", "fetch.upload_missing", "upload")]
    [InlineData("""{"upload":"../../etc/passwd"}""", "fetch.upload_missing", "upload")]
    public async Task Bad_input_is_refused_with_its_code_and_field_and_leaves_nothing(string body, string code, string field)
    {
        using var http = api.Http();
        using var response = await http.PostAsync("/v1/deployments", new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var problem = await response.Content.ReadFromJsonAsync<JsonObject>();
        Assert.Equal((code, field), (problem!["code"]?.GetValue<string>(), problem["field"]?.GetValue<string>()));
        Assert.DoesNotContain("example.com", (await http.GetStringAsync("/v1/projects")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repository_is_queued_and_another_one_does_not_take_its_name()
    {
        using var http = api.Http();
        var first = await CreateAsync(http, new { gitUrl = "https://example.org/ada/engine.git" });
        Assert.Equal("queued", first["state"]?.GetValue<string>());
        Assert.Matches("^http://[0-9a-f]{8}-preview\\.localhost$", first["previewUrl"]!.GetValue<string>());
        Assert.Equal("engine", first["project"]!.GetValue<string>());
        Assert.Equal("engine", (await CreateAsync(http, new { gitUrl = "https://EXAMPLE.org/ada/engine" }))["project"]!.GetValue<string>());
        using var other = await http.PostAsJsonAsync("/v1/deployments", new { gitUrl = "https://example.org/bob/engine.git" });
        Assert.Equal(HttpStatusCode.Conflict, other.StatusCode);

        var byHash = await http.GetFromJsonAsync<JsonObject>($"/v1/deployments/{new Uri(first["previewUrl"]!.GetValue<string>()).Host[..8]}");
        Assert.Equal(first["id"]!.GetValue<string>(), byHash!["id"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_mistyped_repository_that_was_never_fetched_keeps_no_name()
    {
        using var http = api.Http();
        var mistyped = await CreateAsync(http, new { gitUrl = "https://example.org/ada/loomm/loom.git" });
        using (var early = await http.PostAsJsonAsync("/v1/deployments", new { gitUrl = "https://example.org/ada/loom.git" })) Assert.Equal(HttpStatusCode.Conflict, early.StatusCode);
        (await http.PostAsync($"/v1/deployments/{mistyped["id"]}/cancel", null)).EnsureSuccessStatusCode();
        Assert.Equal("loom", (await CreateAsync(http, new { gitUrl = "https://example.org/ada/loom.git" }))["project"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_root_directory_that_never_came_to_an_image_keeps_no_name_and_is_told_with_its_folder()
    {
        using var http = api.Http();
        var mistyped = await CreateAsync(http, new { gitUrl = "https://example.org/ada/mono.git", rootDirectory = "nope" });
        using (var early = await http.PostAsJsonAsync("/v1/deployments", new { gitUrl = "https://example.org/ada/mono.git" }))
            Assert.Contains("deployed from the folder nope of this source, and not from the root", (await early.Content.ReadFromJsonAsync<JsonObject>())!["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        (await http.PostAsync($"/v1/deployments/{mistyped["id"]}/cancel", null)).EnsureSuccessStatusCode();

        Assert.Equal("mono", (await CreateAsync(http, new { gitUrl = "https://example.org/ada/mono.git", rootDirectory = "./apps//web/" }))["project"]!.GetValue<string>());
        Assert.Equal("mono", (await CreateAsync(http, new { gitUrl = "https://example.org/ada/mono.git", rootDirectory = "apps/web" }))["project"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_delivery_beyond_what_the_server_takes_is_too_large()
    {
        using var http = api.Http(withToken: false);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/hooks/github") { Content = new ByteArrayContent(new byte[40 << 20]) };
        request.Headers.Add("X-Hub-Signature-256", "sha256=00");
        request.Headers.ExpectContinue = true;
        using var response = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal("hook.too_large", (await response.Content.ReadFromJsonAsync<JsonObject>())!["code"]!.GetValue<string>());
    }

    [Fact]
    public async Task More_variables_than_a_project_may_have_are_refused_and_change_nothing()
    {
        using var http = api.Http();
        var project = (await CreateAsync(http, new { gitUrl = "https://example.org/ada/many.git" }))["project"]!.GetValue<string>();
        Task<HttpResponseMessage> SetAsync(int from, int count) => http.PutAsJsonAsync($"/v1/projects/{project}/env", new { variables = Enumerable.Range(from, count).Select(i => new { name = $"V{i}", value = "x", target = "both", phase = "run", secret = false }) });
        (await SetAsync(0, 500)).EnsureSuccessStatusCode();
        // Those that are there may change.
        (await SetAsync(0, 2)).EnsureSuccessStatusCode();
        using var refused = await SetAsync(499, 2);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal("env.too_many", (await refused.Content.ReadFromJsonAsync<JsonObject>())!["code"]!.GetValue<string>());
        Assert.Equal(500, (await http.GetFromJsonAsync<JsonArray>($"/v1/projects/{project}/env"))!.Count);
    }

    [Fact]
    public async Task An_upload_stays_as_long_as_a_deployment_is_built_from_it()
    {
        using var http = api.Http();
        using var uploaded = await http.PostAsync("/v1/uploads", new ByteArrayContent(TarGz.Of(new Dictionary<string, string> { ["index.html"] = "x" })));
        var upload = (await uploaded.Content.ReadFromJsonAsync<JsonObject>())!["id"]!.GetValue<string>();
        var first = (await CreateAsync(http, new { upload, folder = "kept-upload" }))["id"]!.GetValue<string>();
        var again = (await (await http.PostAsync($"/v1/deployments/{first}/redeploy", null)).Content.ReadFromJsonAsync<JsonObject>())!["id"]!.GetValue<string>();
        var file = Path.Combine(api.Services.GetRequiredService<SlipwayHome>().Uploads, $"{upload}.tar.gz");
        (await http.DeleteAsync($"/v1/deployments/{first}")).EnsureSuccessStatusCode();
        Assert.True(File.Exists(file));
        (await http.DeleteAsync($"/v1/deployments/{again}")).EnsureSuccessStatusCode();
        Assert.False(File.Exists(file));
    }

    [Fact]
    public async Task Cancelling_is_final_and_a_second_time_says_so()
    {
        using var http = api.Http();
        var id = (await CreateAsync(http, new { gitUrl = "https://example.org/ada/cancel.git" }))["id"]!.GetValue<string>();
        var canceled = await (await http.PostAsync($"/v1/deployments/{id}/cancel", null)).Content.ReadFromJsonAsync<JsonObject>();
        Assert.Equal("canceled", canceled!["state"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.Conflict, (await http.PostAsync($"/v1/deployments/{id}/cancel", null)).StatusCode);
    }

    [Fact]
    public async Task The_log_stream_resumes_after_the_last_event_and_ends()
    {
        using var http = api.Http();
        var text = (await CreateAsync(http, new { gitUrl = "https://example.org/ada/log.git" }))["id"]!.GetValue<string>();
        var id = StrongId.Parse<DeploymentId>(text);
        var log = api.Services.GetRequiredService<IBuildLog>();
        var now = TimeProvider.System.GetUtcNow();
        await log.AppendAsync(id, 1, 0, [.. Enumerable.Range(1, 5).Select(i => new BuildLogLine(0, now, BuildLogStream.Out, "build", $"line {i}"))], CancellationToken.None);
        await log.CompleteAsync(id, CancellationToken.None);

        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/deployments/{text}/logs/stream");
        request.Headers.Add("Last-Event-ID", "3");
        var stream = await (await http.SendAsync(request)).Content.ReadAsStringAsync();
        Assert.DoesNotContain("line 3", stream, StringComparison.Ordinal);
        Assert.Contains("line 4", stream, StringComparison.Ordinal);
        Assert.Contains("id: 5", stream, StringComparison.Ordinal);
        Assert.Contains("event: end", stream, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_goes_in_and_never_comes_out()
    {
        using var http = api.Http();
        var project = (await CreateAsync(http, new { gitUrl = "https://example.org/ada/vars.git" }))["project"]!.GetValue<string>();
        (await http.PutAsJsonAsync($"/v1/projects/{project}/env", new { variables = new[] { new { name = "KEY", value = "hush-hush", target = "both", phase = "run", secret = true } } })).EnsureSuccessStatusCode();
        var all = await http.GetStringAsync($"/v1/projects/{project}/env");
        Assert.Contains("KEY", all, StringComparison.Ordinal);
        Assert.DoesNotContain("hush-hush", all, StringComparison.Ordinal);
        (await http.DeleteAsync($"/v1/projects/{project}/env/KEY?target=preview")).EnsureSuccessStatusCode();
        Assert.Contains("production", await http.GetStringAsync($"/v1/projects/{project}/env"), StringComparison.Ordinal);
        (await http.DeleteAsync($"/v1/projects/{project}/env/KEY")).EnsureSuccessStatusCode();
        Assert.Equal("[]", await http.GetStringAsync($"/v1/projects/{project}/env"));
    }

    private static async Task<JsonObject> CreateAsync(HttpClient http, object body)
    {
        using var response = await http.PostAsJsonAsync("/v1/deployments", body);
        Assert.True(response.StatusCode == HttpStatusCode.Accepted, await response.Content.ReadAsStringAsync());
        return (await response.Content.ReadFromJsonAsync<JsonObject>())!;
    }
}
