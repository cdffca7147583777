using Microsoft.Extensions.Logging;

namespace Slipway.Host;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Firewall of home {Home}: {Status}")]
    public static partial void Applied(this ILogger log, string home, string status);

    [LoggerMessage(Level = LogLevel.Information, Message = "Removed the firewall of home {Home}: {Status}")]
    public static partial void RemovedFirewall(this ILogger log, string home, string status);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Host}:{Port} is private ({Address}) and a package source of this host: builds may reach it")]
    public static partial void Opened(this ILogger log, string host, int port, string address);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A step of {Build} ran into its limit of {Limit}: {Command}")]
    public static partial void StepHit(this ILogger log, string build, Core.Hosting.StepLimit limit, string command);

    [LoggerMessage(Level = LogLevel.Error, Message = "The limits of step {Step} could not be written: {Reason}")]
    public static partial void StepNotHeld(this ILogger log, string step, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The watch over build steps had ended and begins anew: {Reason}")]
    public static partial void WatchEnded(this ILogger log, string reason);
}
