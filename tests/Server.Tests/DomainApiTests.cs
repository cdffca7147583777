using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
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

/// <summary>A project's own domains by the API, on the real store; engine and edge in memory.</summary>
public sealed class DomainApiTests : IAsyncLifetime
{
    private static readonly TimeProvider Time = TimeProvider.System;
    private readonly InMemoryRouter _router = new(Time);
    private readonly RunningApi _api;

    public DomainApiTests() => _api = new RunningApi(Directory.CreateTempSubdirectory("slipway-api-").FullName,
        services => services.AddSingleton<IContainerRuntime>(new InMemoryContainerRuntime(Time)).AddSingleton<IRouter>(_router));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _api.InitializeAsync();

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task Domains_are_served_once_added_and_shown_where_hosts_are()
    {
        using var client = new SlipwayClient(_api.Address, _api.Token);
        var (name, deployment) = await ProductionAsync();
        var added = await client.AddDomainAsync(name, new AddDomain("Example.TEST"), Ct);
        Assert.Equal(("example.test", "http://example.test", null), (added.Host, added.Url, added.RedirectTo));
        await client.AddDomainAsync(name, new AddDomain("www.example.test", "example.test"), Ct);
        Assert.Equal((RouteKind.Redirect, "example.test"), _router.Table.Routes.Where(r => r.Host == "www.example.test").Select(r => (r.Kind, r.RedirectTo)).Single());
        Assert.Equal(deployment, _router.Table.Routes.Single(r => r.Host == "example.test").Deployment.ToString());

        Assert.Equal([("example.test", null), ("www.example.test", "example.test")], (await client.ListDomainsAsync(name, Ct)).Select(d => (d.Host, d.RedirectTo)));
        Assert.Equal(("example.test", "none", "certificate.none_fetched"), (added.Certificate?.Host, added.Certificate?.State, added.Certificate?.Failure?.Code));
        Assert.Empty(await client.ListCertificatesAsync(Ct));
        var aliases = await client.ListAliasesAsync(name, Ct);
        Assert.Equal([("production", $"{name}.localhost"), ("domain", "example.test"), ("redirect", "www.example.test")], aliases.Take(3).Select(a => (a.Kind, a.Host)));
        Assert.All(aliases.Take(3), a => Assert.Equal(deployment, a.Deployment));
        Assert.Equal(["http://example.test"], (await client.GetDeploymentAsync(deployment, Ct)).Domains);

        await client.RemoveDomainAsync(name, "WWW.example.test", Ct);
        await client.RemoveDomainAsync(name, "example.test", Ct);
        Assert.DoesNotContain(_router.Table.Routes, r => r.Host.EndsWith("example.test", StringComparison.Ordinal));
        Assert.Empty((await client.GetDeploymentAsync(deployment, Ct)).Domains ?? ["none"]);
    }

    [Fact]
    public async Task What_cannot_be_is_refused_with_code_and_field()
    {
        using var http = _api.Http();
        var (name, _) = await ProductionAsync();
        var (other, _) = await ProductionAsync();
        using (var taken = await http.PostAsJsonAsync($"/v1/projects/{other}/domains", new { host = "taken.test" }, Ct)) Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        var domains = $"/v1/projects/{name}/domains";
        await RefusedAsync(HttpStatusCode.BadRequest, "domain.invalid", "host", http.PostAsJsonAsync(domains, new { host = "http://x.test" }, Ct));
        await RefusedAsync(HttpStatusCode.BadRequest, "domain.wildcard", "host", http.PostAsJsonAsync(domains, new { host = "*.x.test" }, Ct));
        await RefusedAsync(HttpStatusCode.BadRequest, "domain.base_domain", "host", http.PostAsJsonAsync(domains, new { host = $"{other}.localhost" }, Ct));
        await RefusedAsync(HttpStatusCode.BadRequest, "domain.invalid", "redirectTo", http.PostAsJsonAsync(domains, new { host = "x.test", redirectTo = "y" }, Ct));
        await RefusedAsync(HttpStatusCode.Conflict, "domain.taken", "host", http.PostAsJsonAsync(domains, new { host = "taken.test" }, Ct));
        await RefusedAsync(HttpStatusCode.Conflict, "domain.redirect_target", "redirectTo", http.PostAsJsonAsync(domains, new { host = "x.test", redirectTo = "taken.test" }, Ct));
        await RefusedAsync(HttpStatusCode.NotFound, "domain.not_found", "host", http.DeleteAsync(new Uri($"{domains}/taken.test", UriKind.Relative), Ct));
        await RefusedAsync(HttpStatusCode.NotFound, "project.not_found", null, http.PostAsJsonAsync("/v1/projects/nobody/domains", new { host = "x.test" }, Ct));
    }

    [Fact]
    public async Task A_domain_is_kept_while_the_edge_is_down()
    {
        using var client = new SlipwayClient(_api.Address, _api.Token);
        var (name, _) = await ProductionAsync();
        _router.IsUp = false;
        await client.AddDomainAsync(name, new AddDomain("example.test"), Ct);
        Assert.Single(await client.ListDomainsAsync(name, Ct));
    }

    private static async Task RefusedAsync(HttpStatusCode status, string code, string? field, Task<HttpResponseMessage> asked)
    {
        using var answer = await asked;
        var problem = await answer.Content.ReadFromJsonAsync<JsonObject>(Ct);
        Assert.Equal((status, code, field), (answer.StatusCode, problem?["code"]?.GetValue<string>(), problem?["field"]?.GetValue<string>()));
    }

    /// <summary>A project whose production is a ready deployment that does not run just now.</summary>
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
