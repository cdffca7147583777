using Microsoft.Extensions.Options;
using Slipway.Client;
using Slipway.Core;
using Slipway.Core.Deployments;
using Slipway.Core.Domains;
using Slipway.Core.Pipeline.Routing;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.Pipeline.Sourcing;
using Slipway.Core.Projects;
using Slipway.Server.Hosting;

namespace Slipway.Server.Api.Deployments;

/// <summary>Deployments as the API shows them.</summary>
internal sealed class DeploymentViews(SelfAddress self, IProjectStore projects, IDomainStore domains, RoutePublisher routes, SlipwayHome home, IOptions<RuntimeOptions> options)
{
    public Urls Urls => new(options.Value.BaseDomain, self.PublicPort, self.SecurePort);

    /// <summary>It can be built again. A repository may have lost the commit: that shows when it is fetched.</summary>
    public bool HasSource(Deployment d) => d.Source.Upload is not { } upload || File.Exists(Path.Combine(home.Uploads, $"{upload}.tar.gz"));

    public async Task<DeploymentView> ToViewAsync(Deployment d, CancellationToken ct) => ToView(d, await projects.FindAsync(d.Project, ct));

    /// <summary>The addresses that lead to it besides its project's, while it holds production.</summary>
    public async Task<IReadOnlyList<string>> DomainsAsync(Deployment d, CancellationToken ct) => (await projects.FindAsync(d.Project, ct))?.Production != d.Id
        ? [] : [.. (await domains.ListAsync(d.Project, ct)).Where(o => o.RedirectTo is null).Select(o => Urls.OfHost(o.Host))];

    public DeploymentView ToView(Deployment d, Project? project)
    {
        var (preview, production) = (Urls.Of(d.PreviewLabel), Urls.Of(d.ProjectName));
        return new DeploymentView
        {
            Id = d.Id.ToString(),
            Project = d.ProjectName,
            State = d.State.ToWire(),
            Asleep = routes.IsAsleep(d.Id),
            Url = project?.Production == d.Id ? production : preview,
            PreviewUrl = preview,
            ProductionUrl = production,
            Source = new SourceView(d.Source.Kind == SourceKind.Git ? "git" : "upload", d.Source.Url, d.Source.Ref, d.Source.Commit, d.Source.CommitMessage, d.Source.Author, d.Source.Branch, d.Source.Folder),
            Failure = d.Failure is { } f ? new FailureView(f.Code, f.Message, f.Step, f.ExitCode, f.Hint) : null,
            Timings = ToView(d.Timings),
            Production = d.IsProduction,
            Attempt = d.Attempt,
            CreatedAt = d.CreatedAt,
            FinishedAt = d.FinishedAt,
            Ended = d.Ended is { } e ? new EndedView(e.At, e.Reason, e.InWords, HasSource(d)) : null,
            Protected = Projects.ProtectionEndpoints.HostsOf(project),
            Trigger = d.Trigger,
            DetailsUrl = self.DetailsUrl(d.Id),
            StandIns = [.. (d.Revision?.StandIns ?? []).Select(s => new StandInView(s.Asked, s.Used))],
        };
    }

    private static TimingsView ToView(StageTimings t) => new(Ms(t.Queued), Ms(t.Fetch), Ms(t.Plan), Ms(t.Build), Ms(t.Seal), Ms(t.Run), Ms(t.Route), Ms(t.Total));

    private static long? Ms(TimeSpan? taken) => taken is { } t ? (long)t.TotalMilliseconds : null;
}
