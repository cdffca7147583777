using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Client;
using Slipway.Core;
using Slipway.Core.Deployments;
using Slipway.Core.Pipeline.Sourcing;
using Slipway.Core.Projects;
using Slipway.Core.Tenancy;
using Slipway.Testing;

namespace Server.Tests;

/// <summary>How long deployments are kept, and what is said of those that ended, by the API, on the real store.</summary>
public sealed class RetentionApiTests(RunningApi api) : IClassFixture<RunningApi>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private IDeploymentStore Deployments => api.Services.GetRequiredService<IDeploymentStore>();

    private IProjectStore Projects => api.Services.GetRequiredService<IProjectStore>();

    [Fact]
    public async Task What_is_said_is_kept_and_what_is_not_said_stays()
    {
        using var client = new SlipwayClient(api.Address, api.Token);
        var name = (await ProjectAsync()).Name;
        Assert.Equal(new RetentionView(10, 14 * 86_400, false), await client.RetentionAsync(name, Ct));
        Assert.Equal(new RetentionView(30, 14 * 86_400, true), await client.SetRetentionAsync(name, new SetRetention(Keep: 30), Ct));
        Assert.Equal(new RetentionView(30, 0, true), await client.SetRetentionAsync(name, new SetRetention(PreviewIdleSeconds: 0), Ct));
        Assert.Equal(new RetentionView(30, 0, true), await client.RetentionAsync(name, Ct));
        Assert.Equal(new RetentionView(10, 14 * 86_400, false), await client.ResetRetentionAsync(name, Ct));
        Assert.Equal("project.not_found", (await Assert.ThrowsAsync<SlipwayApiException>(() => client.SetRetentionAsync("nobody", new SetRetention(), Ct))).Code);
    }

    [Theory]
    [InlineData("""{"keep":0}""", "retention.keep_invalid", "keep")]
    [InlineData("""{"keep":10001}""", "retention.keep_invalid", "keep")]
    [InlineData("""{"previewIdleSeconds":-1}""", "retention.idle_invalid", "previewIdleSeconds")]
    [InlineData("""{"previewIdleSeconds":9223372036854775807}""", "retention.idle_invalid", "previewIdleSeconds")]
    public async Task What_makes_no_sense_is_refused_with_its_field(string body, string code, string field)
    {
        using var http = api.Http();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await http.PutAsync($"/v1/projects/{(await ProjectAsync()).Name}/retention", content, Ct);
        var problem = await answer.Content.ReadFromJsonAsync<JsonObject>(Ct);
        Assert.Equal((HttpStatusCode.BadRequest, code, field), (answer.StatusCode, problem?["code"]?.GetValue<string>(), problem?["field"]?.GetValue<string>()));
    }

    [Fact]
    public async Task What_ended_says_when_and_why_and_is_built_again_as_a_preview()
    {
        using var client = new SlipwayClient(api.Address, api.Token);
        var d = await EndedAsync(d => d with { IsProduction = true });
        var seen = await client.GetDeploymentAsync(d.Id.ToString(), Ct);
        Assert.Equal("ended", seen.State);
        Assert.Equal((EndReason.Idle, "nobody used it for 14 days", true), (seen.Ended?.Reason, seen.Ended?.Why, seen.Ended?.CanBuildAgain));
        Assert.DoesNotContain(await client.ListDeploymentsAsync(d.ProjectName, 10, false, Ct), other => other.Id == seen.Id);
        Assert.Contains(await client.ListDeploymentsAsync(d.ProjectName, 10, true, Ct), other => other.Id == seen.Id && other.Ended is not null);

        var again = await client.RedeployAsync(seen.Id, Ct);
        Assert.Equal(("queued", "cli", false, null), (again.State, again.Trigger, again.Production, again.Ended));
    }

    [Fact]
    public async Task Production_is_built_again_by_its_projects_name_not_what_is_latest()
    {
        using var client = new SlipwayClient(api.Address, api.Token);
        var serves = await EndedAsync(d => d with { IsProduction = true });
        using (TeamScope.EnterSystem()) await Projects.UpdateAsync(serves.Project, p => p with { Production = serves.Id }, Ct);
        var preview = await client.RedeployAsync(serves.Id.ToString(), Ct);
        Assert.False(preview.Production);
        Assert.False((await client.RedeployAsync(serves.ProjectName, Ct)).Production);
        var again = await client.RedeployAsync(serves.ProjectName, isProduction: true, Ct);
        Assert.True(again.Production);
        using var system = TeamScope.EnterSystem();
        Assert.Equal(serves.Id, (await Deployments.FindAsync(StrongId.TryParse<DeploymentId>(again.Id, out var id) ? id : default, Ct))?.RetryOf);
    }

    [Fact]
    public async Task Without_its_uploaded_files_it_cannot_be_built_again_and_says_so()
    {
        using var client = new SlipwayClient(api.Address, api.Token);
        var d = await EndedAsync(d => d with { Source = new SourceRef { Kind = SourceKind.Upload, Upload = StrongId.New<UploadId>(TimeProvider.System), Folder = "shop" } });
        Assert.False((await client.GetDeploymentAsync(d.Id.ToString(), Ct)).Ended?.CanBuildAgain);
        var refused = await Assert.ThrowsAsync<SlipwayApiException>(() => client.RedeployAsync(d.Id.ToString(), Ct));
        Assert.Equal((409, "deployment.source_gone"), (refused.Status, refused.Code));
    }

    [Fact]
    public async Task A_push_that_deletes_a_branch_is_written_down_with_its_own_time()
    {
        var project = await ProjectAsync(p => p with { Name = $"hook-{Guid.NewGuid():N}"[..12], Origin = "git:https://example.org/ada/hooked", WebhookSecret = new Secret("s3cret") });
        const string body = """{"ref":"refs/heads/feature/x","after":"0000000000000000000000000000000000000000","deleted":true,"repository":{"clone_url":"https://example.org/ada/hooked.git","pushed_at":1767225600}}""";
        using var http = api.Http(withToken: false);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/hooks/github") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("X-GitHub-Event", "push");
        request.Headers.Add("X-Hub-Signature-256", "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData("s3cret"u8, Encoding.UTF8.GetBytes(body))));
        using var answer = await http.SendAsync(request, Ct);
        Assert.Equal("closed", (await answer.Content.ReadFromJsonAsync<JsonArray>(Ct))?[0]?["result"]?.GetValue<string>());
        using var system = TeamScope.EnterSystem();
        Assert.Equal([new ClosedBranch("feature/x", DateTimeOffset.FromUnixTimeSeconds(1767225600))], (await Projects.FindAsync(project.Id, Ct))?.ClosedBranches);
    }

    private async Task<Deployment> EndedAsync(Func<Deployment, Deployment> with)
    {
        var project = await ProjectAsync();
        using var system = TeamScope.EnterSystem();
        var d = with(StoreSamples.Deployment(TimeProvider.System, project));
        await Deployments.CreateAsync(d, Ct);
        foreach (var happened in StoreSamples.PathTo(DeploymentState.Ready).Append(new Retired(EndReason.Idle, "nobody used it for 14 days"))) await Deployments.ApplyAsync(d.Id, happened, Ct);
        return d;
    }

    private async Task<Project> ProjectAsync(Func<Project, Project>? with = null)
    {
        using var system = TeamScope.EnterSystem();
        var project = StoreSamples.Project(TimeProvider.System);
        return (await Projects.CreateAsync(with is null ? project : with(project), Ct)).Value;
    }
}
