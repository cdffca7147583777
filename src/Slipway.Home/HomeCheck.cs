using Slipway.Core;

namespace Slipway.Home;

/// <summary>What every role needs of its home: folders it may write, and files of secrets it may read.</summary>
public static class HomeCheck
{
    /// <returns>Each thing that is missing, with how to give it, in a line of its own.</returns>
    public static IReadOnlyList<string> Look(SlipwayHome home, string[] roles)
    {
        var (folder, run) = (FolderCheck.Look("the home", home.Root), FolderCheck.Look("the run folder", home.Run));
        // Without the home its settings can't be read either.
        var secrets = folder is null ? SecretCheck.Look(HomeSettings.Load(home), roles) : [];
        return [.. new[] { folder, run }.OfType<string>(), .. secrets];
    }
}
