using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Client;
using Slipway.Core;
using Slipway.Core.Deployments;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.Projects;
using Slipway.Core.RuntimeLogs;
using Slipway.Core.Tenancy;
using Slipway.Testing;

namespace Server.Tests;

/// <summary>What apps printed, by the API, on real files.</summary>
public sealed class RuntimeLogApiTests(RunningApi api) : IClassFixture<RunningApi>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly DateTimeOffset Noon = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_projects_lines_are_in_order_each_with_its_deployment_and_a_deployments_are_its_own()
    {
        using var client = new SlipwayClient(api.Address, api.Token);
        var project = await ProjectAsync();
        var (old, now) = (await DeploymentAsync(project), await DeploymentAsync(project));
        Print(old, (1, "old up"), (4, "old again"));
        Print(now, (2, "now up"));

        Assert.Equal([(old.Hash, "old up"), (now.Hash, "now up"), (old.Hash, "old again")], (await client.RuntimeLogAsync(project.Name, 10, null, Ct)).Select(l => (l.Deployment, l.Text)));
        Assert.Equal(["now up"], (await client.RuntimeLogAsync(now.Hash, 10, null, Ct)).Select(l => l.Text));
        Assert.Equal(["old again"], (await client.RuntimeLogAsync(project.Name, 10, Noon.AddSeconds(3), Ct)).Select(l => l.Text));
        var last = Assert.Single(await client.RuntimeLogAsync(project.Name, 1, null, Ct));
        Assert.Equal(("out", Noon.AddSeconds(4)), (last.Stream, last.At));
    }

    [Fact]
    public async Task A_follower_of_a_project_goes_on_over_the_next_deployment_and_ends_with_the_last()
    {
        using var client = new SlipwayClient(api.Address, api.Token);
        var project = await ProjectAsync();
        var first = await DeploymentAsync(project);
        Print(first, (1, "first"));
        await using var lines = client.FollowRuntimeLogAsync(project.Name, 10, null, Patience, Ct).GetAsyncEnumerator(Ct);
        Assert.Equal((first.Hash, "first"), await NextAsync(lines));

        var next = await DeploymentAsync(project);
        Print(next, (2, "next"));
        Assert.Equal((next.Hash, "next"), await NextAsync(lines));
        // Who follows a deployment is told when that is over; who follows the project goes on.
        await using var own = client.FollowRuntimeLogAsync(first.Hash, 10, null, Patience, Ct).GetAsyncEnumerator(Ct);
        Assert.Equal((first.Hash, "first"), await NextAsync(own));
        await EndAsync(first);
        Assert.False(await own.MoveNextAsync().AsTask().WaitAsync(Patience, Ct));
        Print(next, (3, "and on"));
        Assert.Equal((next.Hash, "and on"), await NextAsync(lines));

        await EndAsync(next);
        Assert.False(await lines.MoveNextAsync().AsTask().WaitAsync(Patience, Ct));
    }

    [Fact]
    public async Task Where_nothing_was_printed_the_answer_says_why()
    {
        using var client = new SlipwayClient(api.Address, api.Token);
        var project = await ProjectAsync();
        var failure = await Assert.ThrowsAsync<SlipwayApiException>(() => client.RuntimeLogAsync(project.Name, 10, null, Ct));
        Assert.Equal("runtime.no_instance", failure.Code);
        Assert.Equal("deployment.not_found", (await Assert.ThrowsAsync<SlipwayApiException>(() => client.RuntimeLogAsync("nobody", 10, null, Ct))).Code);

        var quiet = await DeploymentAsync(project);
        Assert.Empty(await client.RuntimeLogAsync(quiet.Hash, 10, null, Ct));
        await EndAsync(quiet);
        Assert.Equal("runtime.no_instance", (await Assert.ThrowsAsync<SlipwayApiException>(() => client.RuntimeLogAsync(quiet.Hash, 10, null, Ct))).Code);
    }

    [Fact]
    public async Task They_are_told_to_those_who_may_see_the_project_and_to_nobody_else()
    {
        using var http = api.Http(withToken: false);
        using var stranger = await http.GetAsync("/v1/deployments/any/runtime-logs", Ct);
        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);

        using (TeamScope.EnterSystem())
        {
            var other = TeamScope.DefaultTeam with { Value = Guid.NewGuid() };
            var project = await Store.GetRequiredService<IProjectStore>().CreateAsync(StoreSamples.Project(TimeProvider.System, other), Ct);
            Assert.False(project.IsFailure(out _));
            var theirs = await DeploymentAsync(project.Value);
            Print(theirs, (1, "theirs"));
            using var ours = api.Http();
            foreach (var name in new[] { project.Value.Name, theirs.Hash, theirs.Id.ToString() })
            {
                using var answer = await ours.GetAsync($"/v1/deployments/{name}/runtime-logs", Ct);
                Assert.Equal((HttpStatusCode.NotFound, "deployment.not_found"), (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonObject>(Ct))?["code"]?.GetValue<string>()));
            }
        }
    }

    [Fact]
    public async Task They_go_with_their_deployment_and_with_their_project()
    {
        var project = await ProjectAsync();
        var (one, two) = (await DeploymentAsync(project), await DeploymentAsync(project));
        Print(one, (1, "one"));
        Print(two, (2, "two"));
        using (TeamScope.EnterSystem())
        {
            // The engine of this machine is not asked: nothing of them runs.
            Logs.Remove(one.Id);
        }

        using var client = new SlipwayClient(api.Address, api.Token);
        Assert.Equal(["two"], (await client.RuntimeLogAsync(project.Name, 10, null, Ct)).Select(l => l.Text));
        Assert.False(Directory.Exists(Path.Combine(Store.GetRequiredService<SlipwayHome>().RuntimeLogs, project.Id.ToString(), one.Id.ToString())));
    }

    private IServiceProvider Store => api.Services;

    private IRuntimeLog Logs => Store.GetRequiredService<IRuntimeLog>();

    private void Print(Deployment d, params (int Second, string Text)[] lines) =>
        Logs.Open(d.Project, d.Id).Append([.. lines.Select(l => new OutputLine(Noon.AddSeconds(l.Second), false, l.Text))]);

    private async Task<Project> ProjectAsync()
    {
        using var system = TeamScope.EnterSystem();
        return (await Store.GetRequiredService<IProjectStore>().CreateAsync(StoreSamples.Project(TimeProvider.System), Ct)).Value;
    }

    private async Task<Deployment> DeploymentAsync(Project project)
    {
        using var system = TeamScope.EnterSystem();
        var deployments = Store.GetRequiredService<IDeploymentStore>();
        var d = (await deployments.CreateAsync(StoreSamples.Deployment(TimeProvider.System, project), Ct)).Value;
        foreach (var happened in StoreSamples.PathTo(DeploymentState.Ready)) await deployments.ApplyAsync(d.Id, happened, Ct);
        return d;
    }

    private async Task EndAsync(Deployment d)
    {
        using var system = TeamScope.EnterSystem();
        await Store.GetRequiredService<IDeploymentStore>().ApplyAsync(d.Id, new Retired("test"), Ct);
    }

    private static async Task<(string, string)> NextAsync(IAsyncEnumerator<RuntimeLineView> lines) =>
        await lines.MoveNextAsync().AsTask().WaitAsync(Patience, Ct) ? (lines.Current.Deployment, lines.Current.Text) : throw new InvalidOperationException("it ended");
}
