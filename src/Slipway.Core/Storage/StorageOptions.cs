using System.ComponentModel.DataAnnotations;

namespace Slipway.Core.Storage;

/// <summary>What is kept on the disk, and for how long. Only what Slipway made is ever deleted.</summary>
public sealed class StorageOptions
{
    public const string Section = "Slipway:Storage";

    /// <summary>Deployments kept per project, newest first; production and the newest of each branch are kept besides.</summary>
    [Range(1, 10_000)]
    public int KeepDeployments { get; set; } = 10;

    /// <summary>A preview that nobody used for so long ends, though it is among the last; 0: never for that. What serves or served production and the newest of a branch never do.</summary>
    public TimeSpan PreviewIdle { get; set; } = TimeSpan.FromDays(14);

    /// <summary>How often repositories are asked which branches they have: deployments of a branch that is gone end. 0: never; a webhook tells too.</summary>
    public TimeSpan BranchesEvery { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>The uploaded files of what ended are kept so long, so that it can be built again.</summary>
    public TimeSpan KeepEndedUploads { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Build cache to keep, in megabytes; the longest unused goes first.</summary>
    [Range(0, 1 << 24)]
    public int CacheMegabytes { get; set; } = 20_480;

    /// <summary>Build cache that was not used for so long goes, whatever its size.</summary>
    public TimeSpan CacheUnused { get; set; } = TimeSpan.FromDays(14);

    /// <summary>The same for cache mounts: packages that package managers keep between builds.</summary>
    public TimeSpan CacheMountUnused { get; set; } = TimeSpan.FromDays(30);

    /// <summary>
    /// Whose build cache may be pruned: <c>own</c>, only that of an engine that Slipway started; <c>always</c>, also that of an engine
    /// that was there before, whose cache nobody's name is on; <c>never</c>.
    /// </summary>
    [RegularExpression("^(own|always|never)$", ErrorMessage = "PruneCache must be own, always or never.")]
    public string PruneCache { get; set; } = "own";

    /// <summary>What the home, its images and the build cache may take together, in megabytes; 0: as much as there is.
    /// Above it the build cache is pruned, and where that is not enough no build begins. Cache that Slipway may not prune does not count.</summary>
    [Range(0, 1 << 24)]
    public int MaxUsedMegabytes { get; set; }

    /// <summary>Free space to restore by pruning the build cache, in megabytes.</summary>
    [Range(0, 1 << 24)]
    public int MinFreeMegabytes { get; set; } = 4096;

    /// <summary>How often the disk is looked after; a deployment's end is a reason too.</summary>
    public TimeSpan Every { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>An upload that no deployment was made of is kept so long.</summary>
    public TimeSpan UploadGrace { get; set; } = TimeSpan.FromHours(1);
}
