using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Slipway.Client;
using Slipway.Core.Deployments;
using Slipway.Core.Pipeline.Routing;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.Projects;
using Slipway.Server.Api.Deployments;

namespace Slipway.Server.Api.Production;

internal static class AliasEndpoints
{
    public static void MapAliases(this IEndpointRouteBuilder v1) =>
        v1.MapGet("/projects/{name}/aliases", ListAsync).WithTags("Projects").WithSummary("Its hosts: production, branches, previews; each with the deployment it leads to");

    private static async Task<Results<Ok<List<AliasView>>, ProblemHttpResult>> ListAsync(
        string name, IProjectStore projects, IDeploymentStore deployments, DeploymentViews views, IOptions<RuntimeOptions> options, CancellationToken ct)
    {
        if (await projects.FindByNameAsync(name, ct) is not { } project) return ApiProblems.NotFound("project", name);
        var states = Enum.GetValues<DeploymentState>().Where(s => s != DeploymentState.Ended).ToArray();
        var all = await deployments.ListAsync(new DeploymentQuery { Project = project.Id, States = states, Limit = 10_000 }, ct);
        var production = all.Where(d => d.Id == project.Production).Select(d => View("production", project.Name, d, null));
        var branches = BranchHead.Of([project], all).Select(head => View("branch", head.Label, head.Deployment, head.Branch));
        return TypedResults.Ok(production.Concat(branches).Concat(all.Select(d => View("preview", d.PreviewLabel, d, null))).ToList());

        AliasView View(string kind, string label, Deployment d, string? branch) =>
            new($"{label}.{options.Value.BaseDomain}", views.Urls.Of(label), kind, d.Id.ToString(), d.State.ToWire(), branch, kind == "production" && project.IsPinned);
    }
}
