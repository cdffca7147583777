using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Client;
using Slipway.Core.Pipeline.Routing;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.Projects;
using Slipway.Core.Tenancy;
using Slipway.Testing;
using Slipway.Testing.InMemory;

namespace Server.Tests;

/// <summary>What a project keeps, by the API, on the real store; engine and edge in memory.</summary>
public sealed class VolumeApiTests : IAsyncLifetime
{
    private static readonly TimeProvider Time = TimeProvider.System;
    private readonly InMemoryContainerRuntime _runtime = new(Time);
    private readonly RunningApi _api;

    public VolumeApiTests() => _api = new RunningApi(Directory.CreateTempSubdirectory("slipway-api-").FullName,
        services => services.AddSingleton<IContainerRuntime>(_runtime).AddSingleton<IVolumes>(_runtime).AddSingleton<IRouter>(new InMemoryRouter(Time)));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _api.InitializeAsync();

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task Volumes_are_added_listed_and_removed_and_go_with_their_project()
    {
        using var client = new SlipwayClient(_api.Address, _api.Token);
        var project = await ProjectAsync();
        var data = await client.AddVolumeAsync(project.Name, new AddVolume("/data/"), Ct);
        Assert.Equal(("data", "/data", _runtime.EngineName(project.Id, "data")), (data.Name, data.Path, data.Engine));
        await client.AddVolumeAsync(project.Name, new AddVolume("/cache", "a-cache"), Ct);
        Assert.Equal([("a-cache", "/cache"), ("data", "/data")], (await client.ListVolumesAsync(project.Name, Ct)).Select(v => (v.Name, v.Path)));

        _runtime.Kept[_runtime.EngineName(project.Id, "a-cache")] = 1;
        _runtime.Kept[_runtime.EngineName(project.Id, "data")] = 1;
        await client.RemoveVolumeAsync(project.Name, "a-cache", Ct);
        Assert.Equal([_runtime.EngineName(project.Id, "data")], _runtime.Kept.Keys);
        Assert.Equal(["data"], (await client.ListVolumesAsync(project.Name, Ct)).Select(v => v.Name));
        await client.RemoveProjectAsync(project.Name, Ct);
        Assert.Empty(_runtime.Kept);
    }

    [Fact]
    public async Task What_cannot_be_is_refused_with_code_and_field()
    {
        using var http = _api.Http();
        var name = (await ProjectAsync()).Name;
        var volumes = $"/v1/projects/{name}/volumes";
        using (var there = await http.PostAsJsonAsync(volumes, new { path = "/data" }, Ct)) Assert.Equal(HttpStatusCode.OK, there.StatusCode);
        await RefusedAsync(HttpStatusCode.BadRequest, "volume.path_invalid", "path", http.PostAsJsonAsync(volumes, new { path = "/proc/self" }, Ct));
        await RefusedAsync(HttpStatusCode.BadRequest, "volume.path_invalid", "path", http.PostAsJsonAsync(volumes, new { path = "/srv/../etc" }, Ct));
        await RefusedAsync(HttpStatusCode.BadRequest, "volume.name_invalid", "name", http.PostAsJsonAsync(volumes, new { path = "/x", name = "../x" }, Ct));
        await RefusedAsync(HttpStatusCode.Conflict, "volume.name_taken", "name", http.PostAsJsonAsync(volumes, new { path = "/x", name = "data" }, Ct));
        await RefusedAsync(HttpStatusCode.Conflict, "volume.path_taken", "path", http.PostAsJsonAsync(volumes, new { path = "/data/inside", name = "x" }, Ct));
        await RefusedAsync(HttpStatusCode.NotFound, "volume.not_found", "volume", http.DeleteAsync(new Uri($"{volumes}/other", UriKind.Relative), Ct));
        await RefusedAsync(HttpStatusCode.NotFound, "project.not_found", null, http.PostAsJsonAsync("/v1/projects/nobody/volumes", new { path = "/data" }, Ct));
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
