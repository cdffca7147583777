using Slipway.Core;

namespace Slipway.Home;

/// <summary>What every role needs of its home: folders it may write, and files of secrets it may read. Each says what is wrong and how to mend it, in one line.</summary>
/// <param name="Home">Null: the home may be written, so its settings are read.</param>
/// <param name="Run">Null: the run folder may be written.</param>
/// <param name="Secrets">One for each file that cannot be read.</param>
public sealed record HomeCheck(string? Home, string? Run, IReadOnlyList<string> Secrets)
{
    /// <summary>All of them.</summary>
    public IReadOnlyList<string> Problems => [.. new[] { Home, Run }.OfType<string>(), .. Secrets];

    public static HomeCheck Look(SlipwayHome home, string[] roles)
    {
        var (folder, run) = (FolderCheck.Look("the home", home.Root), FolderCheck.Look("the run folder", home.Run));
        // Without the home its settings can't be read either.
        return new(folder, run, folder is null ? [.. SecretCheck.Look(HomeSettings.Load(home), roles)] : []);
    }
}
