using Microsoft.Extensions.Logging;

namespace Slipway.Docker.Running;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Made network {Network} on device {Device}")]
    public static partial void MadeNetwork(this ILogger log, string network, string device);

    [LoggerMessage(Level = LogLevel.Information, Message = "Started {Instance} of {Deployment}")]
    public static partial void Started(this ILogger log, string instance, string deployment);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Instance} of {Deployment} could not be started: {Error}")]
    public static partial void NotStarted(this ILogger log, string instance, string deployment, string error);

    [LoggerMessage(Level = LogLevel.Information, Message = "Removed {Instance}")]
    public static partial void Removed(this ILogger log, string instance);

    [LoggerMessage(Level = LogLevel.Information, Message = "Removed volume {Volume} with its data")]
    public static partial void RemovedVolume(this ILogger log, string volume);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The engine's events ended ({Reason}); asking again in {Delay}")]
    public static partial void EventsEnded(this ILogger log, string reason, TimeSpan delay);
}
