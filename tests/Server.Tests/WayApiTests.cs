using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Client;
using Slipway.Core.Hosting;
using Slipway.Core.Pipeline.Routing;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.Projects;
using Slipway.Core.Tenancy;
using Slipway.Server.Hosting;
using Slipway.Testing;
using Slipway.Testing.InMemory;

namespace Server.Tests;

/// <summary>Ways out by the API, on the real store; engine, edge and fence in memory.</summary>
public sealed class WayApiTests : IAsyncLifetime
{
    private static readonly TimeProvider Time = TimeProvider.System;
    private readonly InMemoryHostControl _host = new();
    private readonly RunningApi _api;

    public WayApiTests() => _api = new RunningApi(Directory.CreateTempSubdirectory("slipway-api-").FullName,
        services => services.AddSingleton<IContainerRuntime>(new InMemoryContainerRuntime(Time)).AddSingleton<IRouter>(new InMemoryRouter(Time)).AddSingleton<IHostControl>(_host));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _api.InitializeAsync();

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task A_way_is_in_the_fence_once_it_is_answered_and_gone_once_it_is_closed()
    {
        using var client = new SlipwayClient(_api.Address, _api.Token);
        var (project, other) = (await ProjectAsync(), await ProjectAsync());
        var names = new HomeNames(_api.Services.GetRequiredService<HomeFolder>().Id);
        var opened = await client.AddWayAsync(project.Name, new AddWay("10.213.0.5:5432"), Ct);
        Assert.Equal(("10.213.0.5:5432", "open"), (opened.Address, opened.State));
        Assert.Equal(opened, await client.AddWayAsync(project.Name, new AddWay("10.213.0.5:5432"), Ct));
        await client.AddWayAsync(other.Name, new AddWay("10.213.0.6:6379"), Ct);
        var table = Assert.Single(_host.Tables).Value;
        Assert.Contains($"\"{names.ProjectDevice(project.Id)}\" . 10.213.0.5 . 5432", table, StringComparison.Ordinal);
        Assert.DoesNotContain($"\"{names.ProjectDevice(other.Id)}\" . 10.213.0.5", table, StringComparison.Ordinal);
        Assert.Equal([("10.213.0.5:5432", "open")], (await client.ListWaysAsync(project.Name, Ct)).Select(w => (w.Address, w.State)));

        await client.RemoveWayAsync(project.Name, "10.213.0.5:5432", Ct);
        Assert.DoesNotContain("10.213.0.5", Assert.Single(_host.Tables).Value, StringComparison.Ordinal);
        await client.RemoveProjectAsync(other.Name, Ct);
        Assert.DoesNotContain("10.213.0.6", Assert.Single(_host.Tables).Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_no_fence_stands_it_says_so()
    {
        using var client = new SlipwayClient(_api.Address, _api.Token);
        _host.Refusal = new FirewallStatus.NotEnforced("not root");
        Assert.Equal("unfenced", (await client.AddWayAsync((await ProjectAsync()).Name, new AddWay("10.213.0.5:5432"), Ct)).State);
    }

    [Fact]
    public async Task What_cannot_be_is_refused_with_code_and_field()
    {
        using var http = _api.Http();
        var name = (await ProjectAsync()).Name;
        var ways = $"/v1/projects/{name}/ways";
        var own = WaysOut.Host().Own.First(a => !IPAddress.IsLoopback(a));
        await RefusedAsync(HttpStatusCode.BadRequest, "allow.address_invalid", "address", http.PostAsJsonAsync(ways, new { address = "db:5432" }, Ct));
        await RefusedAsync(HttpStatusCode.BadRequest, "allow.address_refused", "address", http.PostAsJsonAsync(ways, new { address = "169.254.169.254:80" }, Ct));
        await RefusedAsync(HttpStatusCode.BadRequest, "allow.address_refused", "address", http.PostAsJsonAsync(ways, new { address = $"{own}:7420" }, Ct));
        await RefusedAsync(HttpStatusCode.NotFound, "allow.not_found", "address", http.DeleteAsync(new Uri($"{ways}/10.213.0.5:1", UriKind.Relative), Ct));
        await RefusedAsync(HttpStatusCode.NotFound, "project.not_found", null, http.PostAsJsonAsync("/v1/projects/nobody/ways", new { address = "10.213.0.5:1" }, Ct));
    }

    [Fact]
    public void Only_lines_of_this_homes_project_networks_open_anything()
    {
        var file = new WaysFile(new HomeFolder(new(Path.GetTempPath()), "0123abcd", ""));
        Assert.Equal([new OpenWay("s0123abcd9f8e7d", new(IPAddress.Parse("10.0.0.5"), 5432))],
            file.Parse("s0123abcd9f8e7d 10.0.0.5 5432\nslp-0123abcd 10.0.0.5 5432\ns0123abcd9f8e7\" 10.0.0.5 5432\ns9999abcd9f8e7d 10.0.0.5 5432\ns0123abcd9f8e7d 10.0.0.5 0x1\ns0123abcd9f8e7d db 1\n{}\n"));
    }

    private static async Task RefusedAsync(HttpStatusCode status, string code, string? field, Task<HttpResponseMessage> asked)
    {
        using var answer = await asked;
        var problem = await answer.Content.ReadFromJsonAsync<JsonObject>(Ct);
        Assert.Equal((status, code, field), (answer.StatusCode, problem?["code"]?.GetValue<string>(), problem?["field"]?.GetValue<string>()));
    }

    private async Task<Project> ProjectAsync()
    {
        using var system = TeamScope.EnterSystem();
        return (await _api.Services.GetRequiredService<IProjectStore>().CreateAsync(StoreSamples.Project(Time), Ct)).Value;
    }
}
