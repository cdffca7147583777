namespace Slipway.Core.RuntimeLogs;

/// <summary>Which lines of a project are wanted.</summary>
/// <param name="Deployment">Of this one; null: of all.</param>
public sealed record RuntimeLogQuery(ProjectId Project, DeploymentId? Deployment = null)
{
    /// <summary>At most so many of the lines there are, the newest.</summary>
    public int Tail { get; init; } = 1_000;

    /// <summary>Only what was printed then or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only lines with a higher number, all of them, however many: where a follower goes on that was cut off.</summary>
    public long? After { get; init; }
}
