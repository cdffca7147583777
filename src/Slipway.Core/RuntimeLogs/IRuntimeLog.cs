using Slipway.Core.Pipeline.Running;

namespace Slipway.Core.RuntimeLogs;

/// <summary>
/// What apps printed, by project and deployment, within a budget. It knows no teams: who asks has found the project or deployment
/// through the store's filter. Works on while lines are written.
/// </summary>
public interface IRuntimeLog
{
    /// <summary>To write a deployment's lines; one writer of it at a time. Each begins where the log ends.</summary>
    IRuntimeLogWriter Open(ProjectId project, DeploymentId deployment);

    /// <summary>Stored lines, in the order of their time. Where the oldest lines were dropped, a note stands for them.</summary>
    Task<IReadOnlyList<RuntimeLine>> ReadAsync(RuntimeLogQuery query, CancellationToken ct);

    /// <summary>What is stored, then what comes, in the order of the numbers; also of deployments that come. Ends with the token.</summary>
    IAsyncEnumerable<RuntimeLine> FollowAsync(RuntimeLogQuery query, CancellationToken ct);

    /// <summary>Deployments of which something is stored.</summary>
    IReadOnlyList<DeploymentId> List();

    /// <summary>Removes all of a deployment; its open writer drops what it is given from then on. Missing is fine.</summary>
    void Remove(DeploymentId deployment);
}

/// <summary>Takes the lines of one deployment in, as a runtime gives them from <see cref="After"/> on.</summary>
public interface IRuntimeLogWriter
{
    /// <summary>Lines later than this may be missing; some of them may be there, and are known when they come again. Null: all.</summary>
    DateTimeOffset? After { get; }

    /// <summary>Stores those of the lines that are not stored yet. Given to the system when it returns, so that a killed process loses none.</summary>
    void Append(IReadOnlyList<OutputLine> lines);
}
