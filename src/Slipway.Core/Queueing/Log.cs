using Microsoft.Extensions.Logging;

namespace Slipway.Core.Queueing;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Error, "the worker's loop failed; it goes on in a second")]
    public static partial void WorkerFaulted(this ILogger log, Exception e);

    [LoggerMessage(LogLevel.Warning, "lease of {Job} (delivery {Attempt}) was lost; its build is stopped")]
    public static partial void LeaseLost(this ILogger log, string job, int attempt);

    [LoggerMessage(LogLevel.Warning, "heartbeat of {Job} failed; it is tried again")]
    public static partial void HeartbeatFailed(this ILogger log, Exception e, string job);

    [LoggerMessage(LogLevel.Error, "building {Deployment} (attempt {Attempt}) failed by our own fault")]
    public static partial void BuildFaulted(this ILogger log, Exception e, DeploymentId deployment, int attempt);

    [LoggerMessage(LogLevel.Error, "the sweep failed; it is tried again")]
    public static partial void SweepFailed(this ILogger log, Exception e);
}
