using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Slipway.Client;
using Slipway.Core;

namespace Slipway.Server.Api.Uploads;

/// <summary>Takes an archive as it comes and keeps it under an id; what is in it is checked by the fetch stage.</summary>
internal static class UploadEndpoints
{
    public static void MapUploads(this IEndpointRouteBuilder v1) =>
        v1.MapPost("/uploads", CreateAsync).WithTags("Uploads").WithSummary("Upload a .tar.gz of a folder (the request's body)");

    private static async Task<Results<Created<UploadView>, ProblemHttpResult>> CreateAsync(HttpContext context, SlipwayHome home, TimeProvider time, IConfiguration settings, CancellationToken ct)
    {
        var max = settings.GetValue("Slipway:Sources:MaxUploadBytes", 2L << 30);
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = max;
        if (context.Request.ContentLength > max) return TooLarge(max);

        var id = StrongId.New<UploadId>(time);
        var path = Path.Combine(home.Uploads, $"{id}.tar.gz");
        var part = path + ".part";
        try
        {
            long bytes;
            await using (var file = new FileStream(part, FileMode.CreateNew, FileAccess.Write))
            {
                await context.Request.Body.CopyToAsync(file, ct);
                bytes = file.Length;
                file.Flush(flushToDisk: true);
            }

            if (bytes == 0) return new Failure("upload.empty", "the request had no body", "send a .tar.gz as the body").Problem(field: "body");
            // Only a whole upload ever has the name that a deployment may use.
            File.Move(part, path);
            return TypedResults.Created($"/v1/uploads/{id}", new UploadView(id.ToString(), bytes));
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return TooLarge(max);
        }
        finally
        {
            File.Delete(part);
        }
    }

    private static ProblemHttpResult TooLarge(long max) =>
        new Failure("upload.too_large", $"the upload is larger than {max >> 20} MiB", "leave out what the build makes itself by .slipwayignore, or raise Slipway:Sources:MaxUploadBytes").Problem(StatusCodes.Status413PayloadTooLarge, "body");
}
