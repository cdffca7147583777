using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Slipway.Client;
using Slipway.Core.Deployments;
using Slipway.Core.Domains;
using Slipway.Core.Pipeline.Routing;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.Projects;
using Slipway.Server.Api.Deployments;

namespace Slipway.Server.Api.Production;

internal static class AliasEndpoints
{
    public static void MapAliases(this IEndpointRouteBuilder v1) =>
        v1.MapGet("/projects/{name}/aliases", ListAsync).WithTags("Projects").WithSummary("Its hosts: production, own domains, branches, previews; each with the deployment it leads to");

    private static async Task<Results<Ok<List<AliasView>>, ProblemHttpResult>> ListAsync(
        string name, IProjectStore projects, IDeploymentStore deployments, IDomainStore domains, DeploymentViews views, IOptions<RuntimeOptions> options, CancellationToken ct)
    {
        if (await projects.FindByNameAsync(name, ct) is not { } project) return ApiProblems.NotFound("project", name);
        var states = Enum.GetValues<DeploymentState>().Where(s => s != DeploymentState.Ended).ToArray();
        var all = await deployments.ListAsync(new DeploymentQuery { Project = project.Id, States = states, Limit = 10_000 }, ct);
        var own = await domains.ListAsync(project.Id, ct);
        var production = all.Where(d => d.Id == project.Production).SelectMany(d => own.Select(o => View(o.RedirectTo is null ? "domain" : "redirect", o.Host, d, null)).Prepend(View("production", OfBase(project.Name), d, null)));
        var branches = BranchHead.Of([project], all).Select(head => View("branch", OfBase(head.Label), head.Deployment, head.Branch));
        return TypedResults.Ok(production.Concat(branches).Concat(all.Select(d => View("preview", OfBase(d.PreviewLabel), d, null))).ToList());

        string OfBase(string label) => $"{label}.{options.Value.BaseDomain}";

        AliasView View(string kind, string host, Deployment d, string? branch) =>
            new(host, views.Urls.OfHost(host), kind, d.Id.ToString(), d.State.ToWire(), branch, kind == "production" && project.IsPinned);
    }
}
