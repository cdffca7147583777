using System.Text.Json.Serialization;
using Slipway.Core.Pipeline.Planning;
using Slipway.Core.Pipeline.Shipping;

namespace Slipway.Core.Deployments;

/// <summary>What happened to a deployment. The only way to change one: <see cref="IDeploymentStore.ApplyAsync"/>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(BuildStarted), "build_started")]
[JsonDerivedType(typeof(SourceFetched), "source_fetched")]
[JsonDerivedType(typeof(BuildInterrupted), "build_interrupted")]
[JsonDerivedType(typeof(ImageShipped), "image_shipped")]
[JsonDerivedType(typeof(WentLive), "went_live")]
[JsonDerivedType(typeof(DeploymentFailed), "failed")]
[JsonDerivedType(typeof(CancelRequested), "cancel_requested")]
[JsonDerivedType(typeof(Retired), "retired")]
[JsonDerivedType(typeof(CommandRun), "command_run")]
public abstract record DeploymentEvent
{
    private protected DeploymentEvent() { }
}

/// <summary>A worker claims it. Refused unless <paramref name="Attempt"/> is higher than any before.</summary>
public sealed record BuildStarted(int Attempt, string Worker) : DeploymentEvent;

/// <summary>The commit is pinned; state stays <see cref="DeploymentState.Building"/>.</summary>
public sealed record SourceFetched(int Attempt, string? Commit, string? CommitMessage, string? Author, string? Branch) : DeploymentEvent;

/// <summary>The worker gave it back (drain, lost lease): queued again.</summary>
public sealed record BuildInterrupted(int Attempt, string Reason) : DeploymentEvent;

/// <summary>The image exists and is pinned.</summary>
public sealed record ImageShipped(int Attempt, Revision Revision, BuildPlan Plan, StageTimings Timings) : DeploymentEvent;

/// <summary>A request through the edge with the public host name was answered.</summary>
public sealed record WentLive(int Attempt, StageTimings Timings) : DeploymentEvent;

public sealed record DeploymentFailed(int Attempt, Failure Failure, StageTimings Timings) : DeploymentEvent;

/// <summary>Somebody asked to stop it; final at once, whoever still works on it is told by the token.</summary>
public sealed record CancelRequested(string By) : DeploymentEvent;

/// <summary>Removed by a person or by retention; its instance stops.</summary>
/// <param name="Reason">One of <see cref="EndReason"/>.</param>
/// <param name="Why">In words, to go on after "ended"; null where the reason says all.</param>
public sealed record Retired(string Reason, string? Why = null) : DeploymentEvent;

/// <summary>Somebody runs a command in its instance: kept with its history, so that it can be told who did what. Moves nothing.</summary>
/// <param name="By">What let them in, and from where.</param>
public sealed record CommandRun(string By, IReadOnlyList<string> Command) : DeploymentEvent
{
    /// <summary>Characters of it that are kept.</summary>
    public const int MaxLength = 2000;

    /// <summary>A command of any length as it is kept.</summary>
    public static CommandRun Of(string by, IReadOnlyList<string> words)
    {
        var (kept, left) = (new List<string>(), MaxLength);
        foreach (var word in words.TakeWhile(_ => left > 0))
        {
            kept.Add(word.Length <= left ? word : $"{word[..left]}…");
            left -= word.Length + 1;
        }

        return new CommandRun(by, kept);
    }
}
