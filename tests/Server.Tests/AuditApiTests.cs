using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Slipway.Client;
using Slipway.Core.Auditing;
using Slipway.Core.Deployments;
using Slipway.Core.Hosting;
using Slipway.Core.Pipeline.Routing;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.Projects;
using Slipway.Core.Tenancy;
using Slipway.Server.Api.Auditing;
using Slipway.Testing;
using Slipway.Testing.InMemory;

namespace Server.Tests;

/// <summary>Who did what, by the API, on the real store; engine, edge and fence in memory.</summary>
public sealed class AuditApiTests : IAsyncLifetime
{
    private const string Value = "hunter2-is-very-secret";
    private static readonly TimeProvider Time = TimeProvider.System;
    private readonly InMemoryContainerRuntime _runtime = new(Time) { Images = { [StoreSamples.Revision.Image] = new ScriptedApp() } };
    private readonly InMemoryAuditLog _broken = new() { Trouble = new IOException("no") };
    private readonly InMemoryHostControl _host = new();
    private RunningApi _api;

    public AuditApiTests() => _api = Api();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private IDeploymentStore Deployments => _api.Services.GetRequiredService<IDeploymentStore>();

    public ValueTask InitializeAsync() => _api.InitializeAsync();

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task Each_change_is_written_down_and_no_value_of_a_variable()
    {
        using var client = new SlipwayClient(_api.Address, _api.Token);
        var name = (await ProjectAsync()).Name;
        await client.SetEnvironmentAsync(name, new SetEnvironment([new("TOKEN", Value, Secret: true), new("GREETING", Value, "preview")]), Ct);
        await client.RemoveEnvironmentAsync(name, "GREETING", "preview", Ct);
        await client.AddWayAsync(name, new AddWay("10.213.0.5:5432"), Ct);
        await client.RemoveWayAsync(name, "10.213.0.5:5432", Ct);
        await client.AddVolumeAsync(name, new AddVolume("/data"), Ct);
        await client.RemoveVolumeAsync(name, "data", Ct);
        await client.SetProtectionAsync(name, new SetProtection("previews", Value), Ct);
        await client.SetProtectionAsync(name, new SetProtection("all"), Ct);
        await client.RemoveProtectionAsync(name, Ct);
        await client.AddDomainAsync(name, new AddDomain("www.audit.example"), Ct);
        await client.AddDomainAsync(name, new AddDomain("audit.example", "www.audit.example"), Ct);
        await client.RemoveDomainAsync(name, "audit.example", Ct);
        await client.RemoveProjectAsync(name, Ct);

        var entries = await client.AuditAsync(name, null, 500, Ct);
        Assert.Equal(
        [
            ("env.set", "TOKEN, GREETING (preview)"), ("env.remove", "GREETING (preview)"), ("way.open", "10.213.0.5:5432"), ("way.close", "10.213.0.5:5432"),
            ("volume.add", "data at /data"), ("volume.remove", "data at /data, with its data"),
            ("protection.set", "hosts: previews, a new password"), ("protection.set", "hosts: all"), ("protection.remove", "all hosts are open"),
            ("domain.add", "www.audit.example"), ("domain.add", "audit.example, which redirects to www.audit.example"), ("domain.remove", "audit.example"),
        ], entries.Skip(1).Reverse().Select(e => (e.Action, e.Detail)));
        Assert.Equal("project.remove", entries[0].Action);
        Assert.StartsWith("prj_", entries[0].Detail, StringComparison.Ordinal);
        Assert.All(entries, e => Assert.Equal(("token from 127.0.0.1", name), (e.Actor, e.Project)));
        using var http = _api.Http();
        Assert.DoesNotContain("hunter2", await http.GetStringAsync("/v1/audit?limit=500", Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_is_written_down_with_secrets_masked_and_runs_as_it_was_given()
    {
        using var client = new SlipwayClient(_api.Address, _api.Token);
        var d = await DeploymentAsync(DeploymentState.Ready);
        await client.SetEnvironmentAsync(d.ProjectName, new SetEnvironment([new("TOKEN", Value, Secret: true), new("GREETING", "hello", Secret: false)]), Ct);
        Assert.Equal($"hello --token={Value} a b\n", await OutputAsync(client, d.Id.ToString(), ["echo", "hello", $"--token={Value}", "a b"]));
        await OutputAsync(client, d.ProjectName, ["echo", new string('x', 3_000)]);

        var entries = (await client.AuditAsync(d.ProjectName, null, 50, Ct)).Where(e => e.Action == "exec").ToList();
        Assert.Equal($"{d.Hash}: echo hello --token=*** 'a b'", entries[1].Detail);
        Assert.Equal(1_000, entries[0].Detail.Length);
        using var system = TeamScope.EnterSystem();
        var runs = (await Deployments.EventsAsync(d.Id, Ct)).Select(e => e.Event).OfType<CommandRun>().ToList();
        Assert.Equal(["echo", "hello", "--token=***", "a b"], runs[0].Command);
    }

    [Fact]
    public async Task What_is_refused_by_itself_is_not_written_down()
    {
        using var client = new SlipwayClient(_api.Address, _api.Token);
        var ended = await DeploymentAsync(DeploymentState.Ended);
        var name = ended.ProjectName;
        await RefusedAsync("runtime.no_instance", OutputAsync(client, ended.Id.ToString(), ["ls"]));
        await RefusedAsync("allow.address_refused", client.AddWayAsync(name, new AddWay("169.254.169.254:80"), Ct));
        await RefusedAsync("allow.not_found", client.RemoveWayAsync(name, "10.213.0.5:1", Ct));
        await RefusedAsync("volume.path_invalid", client.AddVolumeAsync(name, new AddVolume("/proc"), Ct));
        await RefusedAsync("variable.not_found", client.RemoveEnvironmentAsync(name, "NOBODY", null, Ct));
        await RefusedAsync("project.not_found", client.RemoveProjectAsync("nobody", Ct));
        Assert.Empty(await client.AuditAsync(null, null, 50, Ct));
    }

    [Fact]
    public async Task What_cannot_be_written_down_is_not_done()
    {
        await _api.DisposeAsync();
        _api = Api(services => services.RemoveAll<IAuditLog>().AddSingleton<IAuditLog>(_broken));
        await _api.InitializeAsync();
        using var client = new SlipwayClient(_api.Address, _api.Token);
        var d = await DeploymentAsync(DeploymentState.Ready);
        var name = d.ProjectName;
        Assert.Equal(503, (await RefusedAsync("audit.unavailable", OutputAsync(client, d.Id.ToString(), ["echo", "hello"]))).Status);
        Assert.Equal(503, (await RefusedAsync("audit.unavailable", client.AddWayAsync(name, new AddWay("10.213.0.5:5432"), Ct))).Status);
        await RefusedAsync("audit.unavailable", client.AddVolumeAsync(name, new AddVolume("/data"), Ct));
        await RefusedAsync("audit.unavailable", client.SetEnvironmentAsync(name, new SetEnvironment([new("TOKEN", Value)]), Ct));
        await RefusedAsync("audit.unavailable", client.SetProtectionAsync(name, new SetProtection("all", Value), Ct));
        await RefusedAsync("audit.unavailable", client.RemoveProjectAsync(name, Ct));

        Assert.DoesNotContain(_host.Tables, t => t.Value.Contains("10.213.0.5", StringComparison.Ordinal));
        using var system = TeamScope.EnterSystem();
        Assert.DoesNotContain(await Deployments.EventsAsync(d.Id, Ct), e => e.Event is CommandRun);
        var project = await _api.Services.GetRequiredService<IProjectStore>().FindByNameAsync(name, Ct);
        Assert.NotNull(project);
        Assert.Empty(project.Ways);
        Assert.Empty(project.Volumes);
        Assert.Null(project.Protection);
        Assert.Empty(await _api.Services.GetRequiredService<IProjectStore>().EnvironmentAsync(d.Project, null, Ct));
    }

    [Fact]
    public async Task The_trail_is_read_page_by_page_and_what_cannot_be_asked_is_told()
    {
        using var client = new SlipwayClient(_api.Address, _api.Token);
        var (shop, blog) = ((await ProjectAsync()).Name, (await ProjectAsync()).Name);
        foreach (var variable in new[] { "A", "B", "C" }) await client.SetEnvironmentAsync(shop, new SetEnvironment([new(variable, "x")]), Ct);
        await client.SetEnvironmentAsync(blog, new SetEnvironment([new("D", "x")]), Ct);
        Assert.Equal(["D", "C", "B", "A"], (await client.AuditAsync(null, null, 50, Ct)).Select(e => e.Detail));
        var page = await client.AuditAsync(shop, null, 2, Ct);
        Assert.Equal(["C", "B"], page.Select(e => e.Detail));
        Assert.Equal(["A"], (await client.AuditAsync(shop, page[^1].Id, 2, Ct)).Select(e => e.Detail));
        Assert.Empty(await client.AuditAsync("nobody", null, 50, Ct));

        using var http = _api.Http();
        foreach (var (query, code, field) in new[] { ("limit=0", "audit.limit_invalid", "limit"), ("limit=501", "audit.limit_invalid", "limit"), ("before=0", "audit.before_invalid", "before"), ("limit=many", "request.unreadable", "limit") })
        {
            using var answer = await http.GetAsync($"/v1/audit?{query}", Ct);
            var problem = await answer.Content.ReadFromJsonAsync<JsonObject>(Ct);
            Assert.Equal((HttpStatusCode.BadRequest, code, field), (answer.StatusCode, problem?["code"]?.GetValue<string>(), problem?["field"]?.GetValue<string>()));
        }

        using (var gone = await http.DeleteAsync("/v1/audit", Ct)) Assert.Equal(HttpStatusCode.MethodNotAllowed, gone.StatusCode);
        using var nobody = _api.Http(withToken: false);
        using var refused = await nobody.GetAsync("/v1/audit", Ct);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Theory]
    [InlineData("Bearer x", null, "token from 10.0.0.9")]
    [InlineData(null, null, "session from 10.0.0.9")]
    [InlineData(null, "203.0.113.7", "session from 10.0.0.9, for 203.0.113.7")]
    [InlineData(null, "2001:db8::1", "session from 10.0.0.9, for 2001:db8::1")]
    [InlineData(null, "somebody else", "session from 10.0.0.9")]
    [InlineData(null, "203.0.113.7, 10.0.0.1", "session from 10.0.0.9")]
    public void Who_asks_is_told_as_far_as_it_is_known(string? authorization, string? forwarded, string told)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse("::ffff:10.0.0.9");
        if (authorization is not null) context.Request.Headers.Authorization = authorization;
        if (forwarded is not null) context.Request.Headers["X-Forwarded-For"] = forwarded;
        Assert.Equal(told, Asker.Of(context.Request));
    }

    private RunningApi Api(Action<IServiceCollection>? more = null) => new(Directory.CreateTempSubdirectory("slipway-audit-").FullName, services =>
    {
        services.RemoveAll<IContainerRuntime>().RemoveAll<IInstanceCommands>().AddSingleton<IContainerRuntime>(_runtime).AddSingleton<IVolumes>(_runtime).AddSingleton<IInstanceCommands>(new InMemoryCommands(_runtime));
        services.AddSingleton<IRouter>(new InMemoryRouter(Time)).AddSingleton<IHostControl>(_host);
        more?.Invoke(services);
    });

    private static async Task<SlipwayApiException> RefusedAsync(string code, Task asked)
    {
        var e = await Assert.ThrowsAsync<SlipwayApiException>(() => asked);
        Assert.Equal(code, e.Code);
        return e;
    }

    private static async Task<string> OutputAsync(SlipwayClient client, string id, IReadOnlyList<string> words)
    {
        await using var session = await client.ExecAsync(id, new ExecStart(words), Ct);
        var ending = session.EndInputAsync(Ct);
        var output = new MemoryStream();
        while (await session.ReadAsync(Ct) is { } read) output.Write(read.Bytes.Span);
        await ending;
        return System.Text.Encoding.UTF8.GetString(output.ToArray());
    }

    private async Task<Project> ProjectAsync()
    {
        using var system = TeamScope.EnterSystem();
        return (await _api.Services.GetRequiredService<IProjectStore>().CreateAsync(StoreSamples.Project(Time), Ct)).Value;
    }

    private async Task<Deployment> DeploymentAsync(DeploymentState state)
    {
        using var system = TeamScope.EnterSystem();
        var project = await ProjectAsync();
        var d = StoreSamples.Deployment(Time, project);
        await Deployments.CreateAsync(d, Ct);
        foreach (var happened in StoreSamples.PathTo(state)) await Deployments.ApplyAsync(d.Id, happened, Ct);
        return d;
    }
}
