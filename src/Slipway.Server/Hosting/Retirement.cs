using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Core.Deployments;
using Slipway.Core.Pipeline;
using Slipway.Core.Pipeline.Building;
using Slipway.Core.Pipeline.Shipping;
using Slipway.Core.Projects;
using Slipway.Core.RuntimeLogs;
using Slipway.Core.Storage;

namespace Slipway.Server.Hosting;

/// <summary>Ends what retention says is over, and removes the images, uploads and runtime logs that no deployment needs any more. Instances and routes follow by the reconciler.</summary>
internal sealed class Retirement(
    IProjectStore projects, IDeploymentStore deployments, UseNotes use, IImageRegistry registry, IRuntimeLog logs, SlipwayHome home,
    IOptions<StorageOptions> storage, IOptions<PipelineOptions> pipeline, TimeProvider time, ILogger<Retirement> log)
{
    /// <summary>Of what ended, the newest: older ones have no upload any more.</summary>
    private const int EndedLooked = 2_000;

    /// <summary>True when something may be left to do soon: an image goes only after the instance on it.</summary>
    public async Task<bool> RunAsync(CancellationToken ct)
    {
        // Images, logs and uploads first: what appears after this look is not judged by it.
        var logged = logs.List();
        var images = await registry.ListAsync(ct);
        var uploads = Directory.Exists(home.Uploads) ? new DirectoryInfo(home.Uploads).GetFiles("*.tar.gz") : [];
        var isUseKnown = await use.WriteAsync(await ThereAsync(ct), ct);
        foreach (var (id, retired) in RetentionRule.Find(await projects.ListAsync(ct), await ThereAsync(ct), storage.Value, time.GetUtcNow(), isUseKnown))
        {
            if (await deployments.ApplyAsync(id, retired, ct) is not null) log.Retired(id, retired.Why ?? retired.Reason);
        }

        var kept = await ThereAsync(ct);
        var ended = await deployments.ListAsync(new DeploymentQuery { States = [DeploymentState.Ended], Limit = EndedLooked }, ct);
        foreach (var over in logged.Except(kept.Select(d => d.Id))) logs.Remove(over);
        RemoveUploads(uploads, kept.Concat(ended.Where(MayBeBuiltAgain)));
        return await RemoveImagesAsync(images, [.. kept, .. SharingImages(ended, kept)], ct);
    }

    private Task<IReadOnlyList<Deployment>> ThereAsync(CancellationToken ct) => deployments.ListAsync(new DeploymentQuery { States = DeploymentStates.There, Limit = 100_000 }, ct);

    /// <summary>What a person removed is gone for good.</summary>
    private bool MayBeBuiltAgain(Deployment d) => d.Ended is { Reason: not EndReason.Removed, At: var at } && time.GetUtcNow() - at < storage.Value.KeepEndedUploads;

    /// <summary>The same source built twice may be the same image: it goes with the last deployment that needs it.</summary>
    private static IEnumerable<Deployment> SharingImages(IReadOnlyList<Deployment> ended, IReadOnlyList<Deployment> kept)
    {
        var needed = kept.Select(d => d.Revision?.Image).OfType<string>().ToHashSet();
        return ended.Where(d => d.Revision is { } revision && needed.Contains(revision.Image));
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

    private void RemoveUploads(IReadOnlyList<FileInfo> uploads, IEnumerable<Deployment> kept)
    {
        var needed = kept.Select(d => d.Source.Upload).OfType<UploadId>().Select(id => $"{id}.tar.gz").ToHashSet();
        var old = time.GetUtcNow().UtcDateTime - storage.Value.UploadGrace;
        foreach (var upload in uploads.Where(f => !needed.Contains(f.Name) && f.LastWriteTimeUtc < old)) upload.Delete();
    }
}

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "{Deployment} is over: {Why}")]
    public static partial void Retired(this ILogger log, DeploymentId deployment, string why);

    [LoggerMessage(LogLevel.Information, "no deployment needs image {Image} any more: it goes as soon as nothing runs on it")]
    public static partial void ImageIsOver(this ILogger log, string image);
}
