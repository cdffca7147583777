using Microsoft.Extensions.Logging;
using Slipway.Core;

namespace Slipway.Nats;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Error, "a message on {Subject} is no job; it was put among the dead letters")]
    public static partial void NotAJob(this ILogger log, string subject);

    [LoggerMessage(LogLevel.Error, "a message on {Subject} cannot be read; it was dropped")]
    public static partial void Unreadable(this ILogger log, string subject);

    [LoggerMessage(LogLevel.Warning, "a message on {Subject} comes from nobody who claimed that build; it was dropped")]
    public static partial void NotClaimed(this ILogger log, string subject);

    [LoggerMessage(LogLevel.Debug, "takes in {Stream} from the first unacknowledged message again")]
    public static partial void IntakeBegun(this ILogger log, string stream);

    [LoggerMessage(LogLevel.Error, "the intake of {Stream} failed; it goes on in a second")]
    public static partial void IntakeFailed(this ILogger log, Exception e, string stream);

    [LoggerMessage(LogLevel.Warning, "a message of {Subject} could not be taken in; it is tried again")]
    public static partial void NotTakenIn(this ILogger log, Exception e, string subject);

    [LoggerMessage(LogLevel.Warning, "{What} of {Deployment} cannot be sent; it is tried again: {Why}")]
    public static partial void NotSent(this ILogger log, string what, DeploymentId deployment, string why);

    [LoggerMessage(LogLevel.Warning, "the control plane does not answer a claim of {Deployment}; it is asked again: {Why}")]
    public static partial void ClaimUnanswered(this ILogger log, DeploymentId deployment, string why);

    [LoggerMessage(LogLevel.Information, "waiting for the control plane: {Why}")]
    public static partial void WaitingForControlPlane(this ILogger log, string why);

    [LoggerMessage(LogLevel.Error, "a question on {Subject} could not be answered")]
    public static partial void AskFailed(this ILogger log, Exception e, string subject);

    [LoggerMessage(LogLevel.Warning, "{Deployment} is building nowhere and nobody will tell; it is queued again")]
    public static partial void BuildLost(this ILogger log, DeploymentId deployment);

    [LoggerMessage(LogLevel.Error, "looking for lost builds failed; it is tried again")]
    public static partial void SweepFailed(this ILogger log, Exception e);

    [LoggerMessage(LogLevel.Warning, "the NATS server at {Url} is away; jobs, lines and results wait for it")]
    public static partial void LinkLost(this ILogger log, string url);

    [LoggerMessage(LogLevel.Information, "the NATS server at {Url} is there again")]
    public static partial void LinkBack(this ILogger log, string url);

    [LoggerMessage(LogLevel.Information, "{Count} given-up jobs of the embedded queue are kept by the NATS server now")]
    public static partial void LettersMoved(this ILogger log, int count);
}
