using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Slipway.Client;
using Slipway.Core.Domains;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.Projects;

namespace Slipway.Server.Api.Certificates;

internal static class CertificateEndpoints
{
    public static void MapCertificates(this IEndpointRouteBuilder v1) =>
        v1.MapGet("/certificates", ListAsync).WithTags("Projects").WithSummary("How it stands with the certificate of each host that is served");

    /// <summary>Hosts of projects that the caller cannot see are none of his business.</summary>
    private static async Task<Ok<List<CertificateView>>> ListAsync(CertificateViews views, IProjectStore projects, IDomainStore domains, IOptions<RuntimeOptions> options, CancellationToken ct)
    {
        var own = (await domains.ListAsync(null, ct)).Select(d => d.Host).ToHashSet();
        var names = (await projects.ListAsync(ct)).Select(p => p.Name).ToList();
        var below = $".{options.Value.BaseDomain}";
        return TypedResults.Ok(views.All(host => own.Contains(host) || (host.EndsWith(below, StringComparison.Ordinal) && names.Any(n => IsOf(n, host[..^below.Length])))).ToList());
    }

    private static bool IsOf(string project, string label) => label == project || label.StartsWith($"{project}-git-", StringComparison.Ordinal);
}
