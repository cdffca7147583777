namespace Slipway.Core.Projects;

/// <summary>How long a project's deployments are kept; what is null is as the installation says (<c>Slipway:Storage</c>).</summary>
public sealed record RetentionSettings
{
    public const int MostKept = 10_000;

    /// <summary>So many, newest first.</summary>
    public int? Keep { get; init; }

    /// <summary>A preview that nobody used for so long ends; zero: it never ends for that.</summary>
    public TimeSpan? PreviewIdle { get; init; }

    public static Failure? Check(RetentionSettings settings)
    {
        if (settings.Keep is < 1 or > MostKept) return new Failure("retention.keep_invalid", "a project keeps 1 to 10,000 deployments", "give a number in between: --last 10");
        return settings.PreviewIdle is { } idle && idle != TimeSpan.Zero && (idle < TimeSpan.FromSeconds(1) || idle > TimeSpan.FromDays(3660))
            ? new Failure("retention.idle_invalid", "a preview ends after a second to ten years without a visitor, or never for that", "give for example --idle 14d, or --idle never") : null;
    }
}
