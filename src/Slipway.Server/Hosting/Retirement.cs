using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Core.Deployments;
using Slipway.Core.Pipeline;
using Slipway.Core.Pipeline.Building;
using Slipway.Core.Pipeline.Shipping;
using Slipway.Core.Projects;
using Slipway.Core.Storage;

namespace Slipway.Server.Hosting;

/// <summary>Ends what retention says is over, and removes the images and uploads that no deployment needs any more. Instances and routes follow by the reconciler.</summary>
internal sealed class Retirement(
    IProjectStore projects, IDeploymentStore deployments, IImageRegistry registry, SlipwayHome home,
    IOptions<StorageOptions> storage, IOptions<PipelineOptions> pipeline, TimeProvider time, ILogger<Retirement> log)
{
    /// <summary>True when something may be left to do soon: an image goes only after the instance on it.</summary>
    public async Task<bool> RunAsync(CancellationToken ct)
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
        RemoveUploads(uploads, kept);
        return await RemoveImagesAsync(images, kept, ct);
    }

    private async Task<bool> RemoveImagesAsync(IReadOnlyList<string> images, IReadOnlyList<Deployment> kept, CancellationToken ct)
    {
        var needed = kept.SelectMany(Names).ToHashSet();
        var over = images.Where(image => !needed.Contains(image)).ToList();
        foreach (var image in over)
        {
            log.ImageIsOver(image);
            await registry.RemoveAsync(image, ct);
        }

        return over.Count > 0;
    }

    /// <summary>As it is called now, as it was called when it was built (before there was a registry), and its project's cache.</summary>
    private IEnumerable<string> Names(Deployment d) =>
        new[] { $"{pipeline.Value.ImagePrefix}/{d.ProjectName}:{d.Hash}", d.Revision?.ImageName, BuildCacheName.Of(pipeline.Value.ImagePrefix, d.ProjectName) }.OfType<string>();

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

    [LoggerMessage(LogLevel.Information, "no deployment needs image {Image} any more: it goes as soon as nothing runs on it")]
    public static partial void ImageIsOver(this ILogger log, string image);
}
