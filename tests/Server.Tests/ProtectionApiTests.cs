using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Client;
using Slipway.Core.Deployments;
using Slipway.Core.Pipeline.Routing;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.Projects;
using Slipway.Core.Tenancy;
using Slipway.Testing;
using Slipway.Testing.InMemory;

namespace Server.Tests;

/// <summary>A project's password by the API, on the real store; engine and edge in memory.</summary>
public sealed class ProtectionApiTests : IAsyncLifetime
{
    private static readonly TimeProvider Time = TimeProvider.System;
    private readonly InMemoryRouter _router = new(Time);
    private readonly RunningApi _api;

    public ProtectionApiTests() => _api = new RunningApi(Directory.CreateTempSubdirectory("slipway-api-").FullName,
        services => services.AddSingleton<IContainerRuntime>(new InMemoryContainerRuntime(Time)).AddSingleton<IRouter>(_router));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _api.InitializeAsync();

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task Edge_asks_for_the_password_once_it_is_set_and_knows_a_hash_of_it_only()
    {
        using var client = new SlipwayClient(_api.Address, _api.Token);
        var (name, deployment) = await ProductionAsync();
        Assert.Equal(new ProtectionView("none"), await client.ProtectionAsync(name, Ct));

        Assert.Equal(new ProtectionView("all"), await client.SetProtectionAsync(name, new SetProtection(Password: "correct horse"), Ct));
        var hash = Hash($"{name}.localhost");
        Assert.NotNull(hash);
        Assert.Equal(PasswordVerificationResult.Success, new PasswordHasher<object>().VerifyHashedPassword(new object(), hash, "correct horse"));
        Assert.Equal("all", (await client.GetDeploymentAsync(deployment, Ct)).Protected);

        // The same password for fewer hosts.
        Assert.Equal(new ProtectionView("previews"), await client.SetProtectionAsync(name, new SetProtection("previews"), Ct));
        Assert.Null(Hash($"{name}.localhost"));
        Assert.Contains(_router.Table.Routes, r => r.PasswordHash == hash);
        Assert.Equal(new ProtectionView("previews"), await client.SetProtectionAsync(name, new SetProtection(Password: "another one"), Ct));
        Assert.DoesNotContain(_router.Table.Routes, r => r.PasswordHash == hash);

        Assert.Equal(new ProtectionView("none"), await client.RemoveProtectionAsync(name, Ct));
        Assert.All(_router.Table.Routes, r => Assert.Null(r.PasswordHash));
        Assert.Null((await client.GetDeploymentAsync(deployment, Ct)).Protected);
    }

    [Theory]
    [InlineData("""{"hosts":"some","password":"correct horse"}""", "protection.hosts_invalid", "hosts")]
    [InlineData("""{"hosts":"all"}""", "protection.password_missing", "password")]
    [InlineData("""{"password":"short"}""", "protection.password_length", "password")]
    [InlineData("""{"password":"two\nlines of it"}""", "protection.password_invalid", "password")]
    public async Task What_makes_no_sense_is_refused_with_its_field(string body, string code, string field)
    {
        using var http = _api.Http();
        var (name, _) = await ProductionAsync();
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await http.PutAsync($"/v1/projects/{name}/protection", content, Ct);
        var problem = await answer.Content.ReadFromJsonAsync<JsonObject>(Ct);
        Assert.Equal((HttpStatusCode.BadRequest, code, field), (answer.StatusCode, problem?["code"]?.GetValue<string>(), problem?["field"]?.GetValue<string>()));
    }

    [Fact]
    public async Task A_project_that_is_not_there_is_said_so()
    {
        using var client = new SlipwayClient(_api.Address, _api.Token);
        foreach (var ask in new Func<Task<ProtectionView>>[] { () => client.ProtectionAsync("nobody", Ct), () => client.SetProtectionAsync("nobody", new SetProtection(), Ct), () => client.RemoveProtectionAsync("nobody", Ct) })
            Assert.Equal("project.not_found", (await Assert.ThrowsAsync<SlipwayApiException>(ask)).Code);
    }

    private string? Hash(string host) => _router.Table.Routes.Single(r => r.Host == host).PasswordHash;
    private async Task<(string Project, string Deployment)> ProductionAsync()
    {
        using var system = TeamScope.EnterSystem();
        var (projects, deployments) = (_api.Services.GetRequiredService<IProjectStore>(), _api.Services.GetRequiredService<IDeploymentStore>());
        var project = (await projects.CreateAsync(StoreSamples.Project(Time), Ct)).Value;
        var d = (await deployments.CreateAsync(StoreSamples.Deployment(Time, project), Ct)).Value;
        foreach (var happened in StoreSamples.PathTo(DeploymentState.Ready)) await deployments.ApplyAsync(d.Id, happened, Ct);
        await projects.UpdateAsync(project.Id, p => p with { Production = d.Id }, Ct);
        return (project.Name, d.Id.ToString());
    }
}
