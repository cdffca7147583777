using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.Core.Deployments;
using Slipway.Core.Pipeline.Routing;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.Projects;
using Slipway.Core.Tenancy;
using Slipway.Testing;
using Slipway.Testing.InMemory;

namespace Server.Tests;

/// <summary>Promote, roll back and release by the API, on the real store and an edge in memory.</summary>
public sealed class ProductionApiTests : IAsyncLifetime
{
    private static readonly TimeProvider Time = TimeProvider.System;
    private readonly InMemoryContainerRuntime _runtime = new(Time);
    private readonly InMemoryRouter _router = new(Time);
    private readonly RunningApi _api;

    public ProductionApiTests() => _api = new RunningApi(Directory.CreateTempSubdirectory("slipway-api-").FullName,
        services => services.AddSingleton<IContainerRuntime>(_runtime).AddSingleton<IRouter>(_router));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _api.InitializeAsync();

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task Promote_roll_back_and_release_answer_with_where_production_is()
    {
        using var http = _api.Http();
        var project = await ProjectAsync();
        var (first, second) = (await ServingAsync(project, null), await ServingAsync(project, "hush-hush"));
        Assert.Equal(first, (await SentAsync(http, HttpMethod.Post, $"/v1/deployments/{first}/promote"))["deployment"]!["id"]!.GetValue<string>());
        var promoted = await SentAsync(http, HttpMethod.Post, $"/v1/deployments/{second}/promote");
        Assert.Equal((second, first, false), (promoted["deployment"]!["id"]!.GetValue<string>(), promoted["previous"]!.GetValue<string>(), promoted["pinned"]!.GetValue<bool>()));
        Assert.Equal(promoted["url"]!.GetValue<string>(), promoted["deployment"]!["url"]!.GetValue<string>());

        var text = await http.GetStringAsync($"/v1/projects/{project.Name}/rollback", Ct);
        Assert.DoesNotContain("hush", text, StringComparison.Ordinal);
        var considered = JsonNode.Parse(text)!;
        Assert.Equal((second, first), (considered["from"]!["id"]!.GetValue<string>(), considered["to"]!["id"]!.GetValue<string>()));
        Assert.Equal("""[{"name":"GREETING","change":"removed"}]""", considered["environment"]!.ToJsonString());

        var back = await SentAsync(http, HttpMethod.Post, $"/v1/projects/{project.Name}/rollback", new { });
        Assert.Equal((first, true), (back["deployment"]!["id"]!.GetValue<string>(), back["pinned"]!.GetValue<bool>()));
        Assert.True((await http.GetFromJsonAsync<JsonObject>($"/v1/projects/{project.Name}", Ct))!["productionPinned"]!.GetValue<bool>());
        Assert.False((await SentAsync(http, HttpMethod.Delete, $"/v1/projects/{project.Name}/pin"))["productionPinned"]!.GetValue<bool>());
        Assert.Equal((HttpStatusCode.Conflict, "rollback.not_pinned"), await RefusedAsync(http, HttpMethod.Delete, $"/v1/projects/{project.Name}/pin"));

        var trail = await http.GetFromJsonAsync<JsonArray>($"/v1/audit?project={project.Name}", Ct);
        Assert.NotNull(trail);
        Assert.Equal(["production.release", "production.rollback", "production.promote", "production.promote"], trail.Select(e => e!["action"]!.GetValue<string>()));
        Assert.StartsWith(trail[2]!["detail"]!.GetValue<string>(), promoted["deployment"]!["previewUrl"]!.GetValue<string>()["http://".Length..], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_is_refused_with_a_code_of_its_own()
    {
        using var http = _api.Http();
        var project = await ProjectAsync();
        var (serving, other) = (await ServingAsync(project, null), await ServingAsync(await ProjectAsync(), null));
        var queued = await AddAsync(project, null);
        Assert.Equal((HttpStatusCode.Conflict, "production.not_ready"), await RefusedAsync(http, HttpMethod.Post, $"/v1/deployments/{queued.Id}/promote"));
        Assert.Equal((HttpStatusCode.NotFound, "deployment.not_found"), await RefusedAsync(http, HttpMethod.Post, "/v1/deployments/dpl_0/promote"));
        Assert.Equal((HttpStatusCode.NotFound, "project.not_found"), await RefusedAsync(http, HttpMethod.Post, "/v1/projects/nobody/rollback", new { }));
        Assert.Equal((HttpStatusCode.Conflict, "rollback.nothing_before"), await RefusedAsync(http, HttpMethod.Post, $"/v1/projects/{project.Name}/rollback", new { }));
        Assert.Equal((HttpStatusCode.Conflict, "rollback.other_project"), await RefusedAsync(http, HttpMethod.Post, $"/v1/projects/{project.Name}/rollback", new { deployment = other }));
        Assert.Equal((HttpStatusCode.NotFound, "deployment.not_found"), await RefusedAsync(http, HttpMethod.Post, $"/v1/projects/{project.Name}/rollback", new { deployment = "00000000" }));
        _router.IsUp = false;
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "route.edge_down"), await RefusedAsync(http, HttpMethod.Post, $"/v1/deployments/{serving}/promote"));
        _router.IsUp = true;
        foreach (var address in _router.Apps.Keys) _router.Apps.TryRemove(address, out _);
        Assert.Equal((HttpStatusCode.Conflict, "production.not_serving"), await RefusedAsync(http, HttpMethod.Post, $"/v1/deployments/{serving}/promote"));
        Assert.Null((await http.GetFromJsonAsync<JsonObject>($"/v1/projects/{project.Name}", Ct))!["productionDeployment"]);
    }

    [Fact]
    public async Task A_projects_hosts_are_listed_with_where_they_lead()
    {
        using var http = _api.Http();
        var project = await ProjectAsync();
        var (first, second) = (await ServingAsync(project, null), await ServingAsync(project, null));
        await SentAsync(http, HttpMethod.Post, $"/v1/deployments/{first}/promote");
        await SentAsync(http, HttpMethod.Post, $"/v1/deployments/{second}/promote");
        await SentAsync(http, HttpMethod.Post, $"/v1/projects/{project.Name}/rollback");
        var all = (await http.GetFromJsonAsync<JsonArray>($"/v1/projects/{project.Name}/aliases", Ct))!.Select(a => (a!["kind"]!.GetValue<string>(), a["host"]!.GetValue<string>(), a["deployment"]!.GetValue<string>(), a["pinned"]!.GetValue<bool>())).ToList();
        Assert.Equal(("production", $"{project.Name}.localhost", first, true), all[0]);
        Assert.Equal(("branch", $"{project.Name}-git-main.localhost", second, false), all[1]);
        Assert.Equal(["preview", "preview"], all[2..].Select(a => a.Item1));
        Assert.Contains(_router.Table.Routes, r => r.Host == all[1].Item2 && r.Deployment.ToString() == second);
        Assert.Equal((HttpStatusCode.NotFound, "project.not_found"), await RefusedAsync(http, HttpMethod.Get, "/v1/projects/nobody/aliases"));
    }

    private async Task<Project> ProjectAsync()
    {
        using var system = TeamScope.EnterSystem();
        return (await _api.Services.GetRequiredService<IProjectStore>().CreateAsync(StoreSamples.Project(Time), Ct)).Value;
    }

    private async Task<Deployment> AddAsync(Project project, string? greeting)
    {
        using var system = TeamScope.EnterSystem();
        var sample = StoreSamples.Deployment(Time, project);
        var wanted = sample with { Source = sample.Source with { Branch = "main" }, Environment = greeting is null ? new Dictionary<string, string>() : new() { ["GREETING"] = greeting } };
        return (await _api.Services.GetRequiredService<IDeploymentStore>().CreateAsync(wanted, Ct)).Value;
    }

    /// <summary>Ready in the store, running, and answering behind the edge.</summary>
    private async Task<string> ServingAsync(Project project, string? greeting)
    {
        var d = await AddAsync(project, greeting);
        using var system = TeamScope.EnterSystem();
        foreach (var happened in StoreSamples.PathTo(DeploymentState.Ready)) await _api.Services.GetRequiredService<IDeploymentStore>().ApplyAsync(d.Id, happened, Ct);
        _runtime.Images[StoreSamples.Revision.Image] = new ScriptedApp();
        var instance = await _runtime.StartAsync(new InstanceSpec { Id = InstanceId.Of(d.Id), Deployment = d.Id, Project = project.Id, Image = StoreSamples.Revision.Image, Port = 3000, Environment = new Dictionary<string, string>() }, Ct);
        _router.Apps[$"{instance.Address}:{instance.Port}"] = (_, _) => Task.FromResult(200);
        await _api.Services.GetRequiredService<RoutePublisher>().PublishAsync(Ct);
        return d.Id.ToString();
    }

    private static async Task<JsonNode> SentAsync(HttpClient http, HttpMethod method, string path, object? body = null)
    {
        using var response = await SendAsync(http, method, path, body);
        var text = await response.Content.ReadAsStringAsync(Ct);
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }

    private static async Task<(HttpStatusCode, string?)> RefusedAsync(HttpClient http, HttpMethod method, string path, object? body = null)
    {
        using var response = await SendAsync(http, method, path, body);
        return (response.StatusCode, (await response.Content.ReadFromJsonAsync<JsonObject>(Ct))!["code"]?.GetValue<string>());
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient http, HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        return await http.SendAsync(request, Ct);
    }
}
