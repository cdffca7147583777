namespace Slipway.Core.Pipeline.Building;

/// <summary>Where a project's build cache is kept in a registry: beside its images, never another's.</summary>
public static class BuildCacheName
{
    public static string Of(string imagePrefix, string projectName) => $"{imagePrefix}/{projectName}/cache:cache";
}
