using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Core.Deployments;
using Slipway.Core.Pipeline;
using Slipway.Core.Pipeline.Shipping;
using Slipway.Core.Projects;
using Slipway.Core.Storage;

namespace Slipway.Server.Hosting;

/// <summary>Ends what retention says is over, and removes the images and uploads that no deployment needs any more. Instances and routes follow by the reconciler.</summary>
internal sealed class Retirement(
    IProjectStore projects, IDeploymentStore deployments, IImageRegistry registry, SlipwayHome home,
    IOptions<StorageOptions> storage, IOptions<PipelineOptions> pipeline, TimeProvider time, ILogger<Retirement> log)
{
    public async Task RunAsync(CancellationToken ct)
    {
        // Images and uploads first: what appears after this look is not judged by it.
        var images = await registry.ListAsync(ct);
        var uploads = Directory.Exists(home.Uploads) ? new DirectoryInfo(home.Uploads).GetFiles("*.tar.gz") : [];
        var all = await deployments.ListAsync(new DeploymentQuery { Limit = 100_000 }, ct);
        foreach (var id in RetentionRule.Ended(await projects.ListAsync(ct), all, storage.Value.KeepDeployments))
        {
            if (await deployments.ApplyAsync(id, new Retired("retention"), ct) is not null) log.Retired(id);
        }

        var kept = (await deployments.ListAsync(new DeploymentQuery { Limit = 100_000 }, ct)).Where(d => d.State != DeploymentState.Ended).ToList();
        await RemoveImagesAsync(images, kept, ct);
        RemoveUploads(uploads, kept);
    }

    private async Task RemoveImagesAsync(IReadOnlyList<string> images, IReadOnlyList<Deployment> kept, CancellationToken ct)
    {
        var needed = kept.Select(d => $"{pipeline.Value.ImagePrefix}/{d.ProjectName}:{d.Hash}").ToHashSet();
        foreach (var image in images.Where(image => !needed.Contains(image)))
        {
            await registry.RemoveAsync(image, ct);
            log.ImageRemoved(image);
        }
    }

    private void RemoveUploads(IReadOnlyList<FileInfo> uploads, IReadOnlyList<Deployment> kept)
    {
        var needed = kept.Select(d => d.Source.Upload).OfType<UploadId>().Select(id => $"{id}.tar.gz").ToHashSet();
        var old = time.GetUtcNow().UtcDateTime - storage.Value.UploadGrace;
        foreach (var upload in uploads.Where(f => !needed.Contains(f.Name) && f.LastWriteTimeUtc < old)) upload.Delete();
    }
}

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "{Deployment} is over: its project keeps newer ones")]
    public static partial void Retired(this ILogger log, DeploymentId deployment);

    [LoggerMessage(LogLevel.Information, "image {Image} is removed: no deployment needs it")]
    public static partial void ImageRemoved(this ILogger log, string image);
}
