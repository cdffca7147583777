using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Client;
using Slipway.Core.Projects;
using Slipway.Core.Tenancy;
using Slipway.Testing;

namespace Server.Tests;

/// <summary>How a project's instances are asked, by the API, on the real store.</summary>
public sealed class HealthApiTests(RunningApi api) : IClassFixture<RunningApi>
{
    private static readonly HealthView Installations = new("/", "100-499", 5, 60, 0.5, false);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_said_is_kept_and_what_is_not_said_stays()
    {
        using var client = new SlipwayClient(api.Address, api.Token);
        var name = await ProjectAsync();
        Assert.Equal(Installations, await client.HealthAsync(name, Ct));
        Assert.Equal(Installations with { Path = "/healthz", Own = true }, await client.SetHealthAsync(name, new SetHealth("/healthz"), Ct));
        var all = new HealthView("/healthz", "200,204", 2, 90, 0.25, true);
        Assert.Equal(all, await client.SetHealthAsync(name, new SetHealth(Status: "200,204", TimeoutSeconds: 2, GraceSeconds: 90, IntervalSeconds: 0.25), Ct));
        Assert.Equal(all, await client.HealthAsync(name, Ct));
        Assert.Equal(Installations, await client.ResetHealthAsync(name, Ct));
        Assert.Equal("project.not_found", (await Assert.ThrowsAsync<SlipwayApiException>(() => client.SetHealthAsync("nobody", new SetHealth(), Ct))).Code);
    }

    [Theory]
    [InlineData("""{"path":"healthz"}""", "health.path_invalid", "path")]
    [InlineData("""{"status":"fine"}""", "health.status_invalid", "status")]
    [InlineData("""{"timeoutSeconds":0}""", "health.timeout_invalid", "timeoutSeconds")]
    [InlineData("""{"graceSeconds":1e300}""", "health.grace_invalid", "graceSeconds")]
    [InlineData("""{"intervalSeconds":-1}""", "health.interval_invalid", "intervalSeconds")]
    public async Task What_makes_no_sense_is_refused_with_its_field(string body, string code, string field)
    {
        using var http = api.Http();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await http.PutAsync($"/v1/projects/{await ProjectAsync()}/health", content, Ct);
        var problem = await answer.Content.ReadFromJsonAsync<JsonObject>(Ct);
        Assert.Equal((HttpStatusCode.BadRequest, code, field), (answer.StatusCode, problem?["code"]?.GetValue<string>(), problem?["field"]?.GetValue<string>()));
    }

    private async Task<string> ProjectAsync()
    {
        using var system = TeamScope.EnterSystem();
        return (await api.Services.GetRequiredService<IProjectStore>().CreateAsync(StoreSamples.Project(TimeProvider.System), Ct)).Value.Name;
    }
}
