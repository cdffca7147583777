using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Core.Queueing;
using Slipway.Testing.Nats;

namespace Server.Tests;

/// <summary>The NATS server is away when somebody deploys: the deployment is taken, and its job comes once the server is back.</summary>
public sealed class QueueAwayTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_deployment_is_accepted_once_and_rung_for_later()
    {
        await using var nats = await NatsServer.StartAsync();
        var folder = Directory.CreateTempSubdirectory("slipway-away-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "settings.json"), $$"""{ "Slipway:Nats:Url": "{{nats.Url}}" }""", Ct);
        await using var api = new RunningApi(folder);
        await api.InitializeAsync();
        using var http = api.Http();
        await nats.KillAsync();

        using var answer = await http.PostAsJsonAsync("/v1/deployments", new { gitUrl = "https://example.invalid/shop.git" }, Ct);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var id = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Ct))!["id"]!.GetValue<string>();
        using var ready = await http.GetAsync("/health/ready", Ct);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);

        await nats.ResumeAsync();
        var lease = api.Services.GetRequiredService<IWorkQueue>().LeaseAsync("w", TimeSpan.FromSeconds(30), Ct);
        using (Slipway.Core.Tenancy.TeamScope.EnterSystem()) await api.Services.GetRequiredService<QueueSweep>().SweepAsync(Ct);
        Assert.Equal(id, (await lease.WaitAsync(TimeSpan.FromSeconds(20), Ct)).Job.Id);
    }
}
