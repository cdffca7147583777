using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Slipway.Client;
using Slipway.Core.Deployments;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.Projects;
using Slipway.Core.Tenancy;
using Slipway.Testing;
using Slipway.Testing.InMemory;

namespace Server.Tests;

/// <summary>Commands in an instance, through the real API and client, in a runtime in memory.</summary>
public sealed class ExecApiTests : IAsyncLifetime
{
    private readonly InMemoryContainerRuntime _runtime = new(TimeProvider.System) { Images = { [StoreSamples.Revision.Image] = new ScriptedApp() } };
    private readonly RunningApi _api;

    public ExecApiTests() => _api = new RunningApi(Directory.CreateTempSubdirectory("slipway-exec-").FullName, services =>
        services.RemoveAll<IContainerRuntime>().RemoveAll<IInstanceCommands>().AddSingleton<IContainerRuntime>(_runtime).AddSingleton<IInstanceCommands>(new InMemoryCommands(_runtime)));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private IDeploymentStore Deployments => _api.Services.GetRequiredService<IDeploymentStore>();

    public ValueTask InitializeAsync() => _api.InitializeAsync();

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task A_command_runs_wakes_the_app_and_is_written_down()
    {
        var d = await DeploymentAsync(DeploymentState.Ready);
        Assert.Equal((0, "hello $USER\n", ""), await RunAsync(d.Id.ToString(), ["echo", "hello", "$USER"]));
        Assert.Equal((1, "", "ls: /x: No such file or directory\n"), await RunAsync(d.Hash, ["ls", "/x"]));
        Assert.Equal((3, "", ""), await RunAsync(d.ProjectName, ["sh", "-c", "exit 3"]));
        Assert.Single(_runtime.Starts);

        using var system = TeamScope.EnterSystem();
        var runs = (await Deployments.EventsAsync(d.Id, Ct)).Select(e => e.Event).OfType<CommandRun>().ToList();
        Assert.Equal(["echo hello $USER", "ls /x", "sh -c exit 3"], runs.Select(r => string.Join(' ', r.Command)));
        Assert.All(runs, r => Assert.StartsWith("token from ", r.By, StringComparison.Ordinal));
        Assert.Equal(DeploymentState.Ready, (await Deployments.FindAsync(d.Id, Ct))?.State);
    }

    [Fact]
    public async Task Input_goes_through_to_its_end()
    {
        var d = await DeploymentAsync(DeploymentState.Ready);
        var sent = string.Concat(Enumerable.Range(0, 30_000).Select(i => $"line {i}\n"));
        Assert.Equal((0, sent, ""), await RunAsync(d.Id.ToString(), ["cat"], sent));
    }

    [Fact]
    public async Task While_it_runs_the_app_counts_as_used_and_who_goes_away_ends_it()
    {
        var d = await DeploymentAsync(DeploymentState.Ready);
        var open = _api.Services.GetRequiredService<OpenCommands>();
        using var client = new SlipwayClient(_api.Address, _api.Token);
        await using (var session = await client.ExecAsync(d.Id.ToString(), new ExecStart(["cat"]), Ct))
        {
            await session.WriteAsync("x"u8.ToArray(), Ct);
            Assert.Equal("x", Encoding.UTF8.GetString((await session.ReadAsync(Ct))!.Bytes.Span));
            Assert.Equal(1, open.Of(d.Id));
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (open.Of(d.Id) != 0) await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
    }

    [Fact]
    public async Task What_cannot_be_run_says_why()
    {
        var ended = await DeploymentAsync(DeploymentState.Ended);
        var ready = await DeploymentAsync(DeploymentState.Ready);
        Assert.Equal("deployment.not_found", await RefusedAsync("nobody", ["ls"]));
        Assert.Equal("runtime.no_instance", await RefusedAsync(ended.Id.ToString(), ["ls"]));
        Assert.Equal("exec.command_missing", await RefusedAsync(ready.Id.ToString(), []));
        Assert.Equal("exec.command_invalid", await RefusedAsync(ready.Id.ToString(), ["ls", "a\0b"]));
        using var system = TeamScope.EnterSystem();
        Assert.DoesNotContain((await Deployments.EventsAsync(ended.Id, Ct)).Concat(await Deployments.EventsAsync(ready.Id, Ct)), e => e.Event is CommandRun);
    }

    [Fact]
    public async Task Nobody_gets_in_without_the_token_and_no_page_of_anothers_by_a_session()
    {
        var d = await DeploymentAsync(DeploymentState.Ready);
        var address = new UriBuilder(new Uri(_api.Address, $"/v1/deployments/{d.Id}/exec")) { Scheme = "ws" }.Uri;
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(address, _ => { }));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(address, o => o.SetRequestHeader("Authorization", "Bearer wrong")));

        var cookie = await SessionAsync();
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(address, o => { o.SetRequestHeader("Cookie", cookie); o.SetRequestHeader("Origin", "http://evil.example"); }));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(address, o => o.SetRequestHeader("Cookie", cookie)));
        Assert.Equal(HttpStatusCode.SwitchingProtocols, await StatusAsync(address, o => { o.SetRequestHeader("Cookie", cookie); o.SetRequestHeader("Origin", $"http://{_api.Address.Authority}"); }));

        using var http = _api.Http();
        Assert.Equal(HttpStatusCode.UpgradeRequired, (await http.GetAsync($"/v1/deployments/{d.Id}/exec", Ct)).StatusCode);
    }

    private static async Task<HttpStatusCode> StatusAsync(Uri address, Action<ClientWebSocketOptions> with)
    {
        using var socket = new ClientWebSocket { Options = { CollectHttpResponseDetails = true } };
        with(socket.Options);
        try
        {
            await socket.ConnectAsync(address, Ct);
        }
        catch (WebSocketException)
        {
            // The status says it.
        }

        return socket.HttpStatusCode;
    }

    private async Task<string> SessionAsync()
    {
        using var client = new SlipwayClient(_api.Address, _api.Token);
        var link = new Uri((await client.CreateLoginLinkAsync(null, Ct)).Url);
        using var http = _api.Http(withToken: false);
        using var answer = await http.GetAsync(link.PathAndQuery, Ct);
        return answer.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }

    private async Task<string> RefusedAsync(string id, IReadOnlyList<string> words) => (await Assert.ThrowsAsync<SlipwayApiException>(() => RunAsync(id, words))).Code;

    private async Task<(int Code, string Output, string Errors)> RunAsync(string id, IReadOnlyList<string> words, string input = "")
    {
        using var client = new SlipwayClient(_api.Address, _api.Token);
        await using var session = await client.ExecAsync(id, new ExecStart(words), Ct);
        var writing = WriteAsync(session, Encoding.UTF8.GetBytes(input));
        var (output, errors) = (new MemoryStream(), new MemoryStream());
        while (await session.ReadAsync(Ct) is { } read) (read.IsError ? errors : output).Write(read.Bytes.Span);
        await writing;
        return (session.ExitCode, Encoding.UTF8.GetString(output.ToArray()), Encoding.UTF8.GetString(errors.ToArray()));
    }

    private static async Task WriteAsync(ExecSession session, byte[] input)
    {
        if (input.Length > 0) await session.WriteAsync(input, Ct);
        await session.EndInputAsync(Ct);
    }

    private async Task<Deployment> DeploymentAsync(DeploymentState state)
    {
        using var system = TeamScope.EnterSystem();
        var project = (await _api.Services.GetRequiredService<IProjectStore>().CreateAsync(StoreSamples.Project(TimeProvider.System), Ct)).Value;
        var d = StoreSamples.Deployment(TimeProvider.System, project);
        await Deployments.CreateAsync(d, Ct);
        foreach (var happened in StoreSamples.PathTo(state)) await Deployments.ApplyAsync(d.Id, happened, Ct);
        return d;
    }
}
