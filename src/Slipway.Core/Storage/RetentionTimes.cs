using Slipway.Core.Projects;

namespace Slipway.Core.Storage;

/// <summary>What is in force for one project.</summary>
/// <param name="PreviewIdle">Zero: previews never end for being idle.</param>
public sealed record RetentionTimes(int Keep, TimeSpan PreviewIdle)
{
    public static RetentionTimes Of(StorageOptions installation, RetentionSettings? project) =>
        new(project?.Keep ?? installation.KeepDeployments, project?.PreviewIdle ?? installation.PreviewIdle);
}
