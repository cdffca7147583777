using Microsoft.AspNetCore.Http.HttpResults;
using Slipway.Core;
using Slipway.Server.Hosting;

namespace Slipway.Server.Api.Workers;

/// <summary>An upload for the worker that claimed its deployment: the link itself is the key, and opens once.</summary>
internal static class WorkerUploadEndpoint
{
    public static void MapWorkerUploads(this IEndpointRouteBuilder app) => app.MapGet($"{UploadLinks.Path}/{{token}}", Get).ExcludeFromDescription();

    private static Results<PhysicalFileHttpResult, ProblemHttpResult> Get(string token, UploadLinks links, SlipwayHome home)
    {
        if (links.Use(token) is not { } upload) return new Failure("upload.link_used", "this link was used already, or is older than the control plane's start", "the worker claims the deployment again").Problem(StatusCodes.Status404NotFound);
        var path = Path.Combine(home.Uploads, $"{upload}.tar.gz");
        return File.Exists(path) ? TypedResults.PhysicalFile(path, "application/gzip") : new Failure("fetch.upload_missing", "the upload is not there any more", "deploy the folder again").Problem(StatusCodes.Status410Gone);
    }
}
