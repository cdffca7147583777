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
}
