using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Client;
using Slipway.Core.Projects;
using Slipway.Core.Tenancy;
using Slipway.Testing;

namespace Server.Tests;

/// <summary>When a project's deployments sleep, by the API, on the real store.</summary>
public sealed class SleepApiTests(RunningApi api) : IClassFixture<RunningApi>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_said_is_kept_and_what_is_not_said_stays()
    {
        using var client = new SlipwayClient(api.Address, api.Token);
        var name = await ProjectAsync();
        Assert.Equal(new SleepView(true, 300, 4 * 3600, false, false, false), await client.SleepAsync(name, Ct));

        Assert.Equal(new SleepView(true, 60, 4 * 3600, false, false, true), await client.SetSleepAsync(name, new SetSleep(AfterSeconds: 60), Ct));
        Assert.Equal(new SleepView(true, 60, 120, true, true, true), await client.SetSleepAsync(name, new SetSleep(StopAfterSeconds: 120, Production: true, CrawlersWake: true), Ct));
        Assert.False((await client.SetSleepAsync(name, new SetSleep(Enabled: false), Ct)).Enabled);
        Assert.Equal(new SleepView(true, 60, 120, true, true, true), await client.SetSleepAsync(name, new SetSleep(Enabled: true), Ct));
        Assert.Equal(new SleepView(true, 60, 120, true, true, true), await client.SleepAsync(name, Ct));
        // Frozen never comes after stopped.
        Assert.Equal(new SleepView(true, 5 * 3600, 5 * 3600, false, false, true), await AfterResetAsync(client, name, new SetSleep(AfterSeconds: 5 * 3600)));
        Assert.Equal(new SleepView(true, 300, 4 * 3600, false, false, false), await client.ResetSleepAsync(name, Ct));
    }

    [Theory]
    [InlineData("""{"afterSeconds":0}""", "sleep.too_short", "afterSeconds")]
    [InlineData("""{"afterSeconds":-1}""", "sleep.too_long", "afterSeconds")]
    [InlineData("""{"stopAfterSeconds":40000000}""", "sleep.too_long", "afterSeconds")]
    [InlineData("""{"afterSeconds":60,"stopAfterSeconds":59}""", "sleep.order", "afterSeconds")]
    [InlineData("""{"stopAfterSeconds":59}""", "sleep.order", "stopAfterSeconds")]
    public async Task What_makes_no_sense_is_refused_with_its_field(string body, string code, string field)
    {
        using var http = api.Http();
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await http.PutAsync($"/v1/projects/{await ProjectAsync()}/sleep", content, Ct);
        var problem = await answer.Content.ReadFromJsonAsync<JsonObject>(Ct);
        Assert.Equal((HttpStatusCode.BadRequest, code, field), (answer.StatusCode, problem?["code"]?.GetValue<string>(), problem?["field"]?.GetValue<string>()));
    }

    [Fact]
    public async Task A_project_that_is_not_there_is_said_so()
    {
        using var client = new SlipwayClient(api.Address, api.Token);
        foreach (var ask in new Func<Task<SleepView>>[] { () => client.SleepAsync("nobody", Ct), () => client.SetSleepAsync("nobody", new SetSleep(), Ct), () => client.ResetSleepAsync("nobody", Ct) })
            Assert.Equal("project.not_found", (await Assert.ThrowsAsync<SlipwayApiException>(ask)).Code);
    }

    private static async Task<SleepView> AfterResetAsync(SlipwayClient client, string name, SetSleep body)
    {
        await client.ResetSleepAsync(name, Ct);
        return await client.SetSleepAsync(name, body, Ct);
    }

    private async Task<string> ProjectAsync()
    {
        using var system = TeamScope.EnterSystem();
        return (await api.Services.GetRequiredService<IProjectStore>().CreateAsync(StoreSamples.Project(TimeProvider.System), Ct)).Value.Name;
    }
}
