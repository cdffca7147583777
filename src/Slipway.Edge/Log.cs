using Microsoft.Extensions.Logging;

namespace Slipway.Edge;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "Edge listens on {Address}, table {Number} with {Hosts} hosts")]
    public static partial void EdgeStarted(this ILogger logger, string address, long number, int hosts);

    [LoggerMessage(LogLevel.Information, "Edge drains {InFlight} requests for at most {Timeout}")]
    public static partial void EdgeDrains(this ILogger logger, int inFlight, TimeSpan timeout);

    [LoggerMessage(LogLevel.Information, "Edge stopped")]
    public static partial void EdgeStopped(this ILogger logger);

    [LoggerMessage(LogLevel.Information, "Table {Number} with {Hosts} hosts is in force")]
    public static partial void TableSwapped(this ILogger logger, long number, int hosts);

    [LoggerMessage(LogLevel.Warning, "Table {Number} refused: {Current} is in force")]
    public static partial void TableRefused(this ILogger logger, long number, long current);

    [LoggerMessage(LogLevel.Error, "Table {Number} is in force but could not be saved to {Path}: a restart would lose it")]
    public static partial void TableNotSaved(this ILogger logger, Exception error, long number, string path);

    [LoggerMessage(LogLevel.Error, "The saved table was damaged and is set aside as {Path}; the edge starts empty until the next publish")]
    public static partial void TableDamaged(this ILogger logger, Exception error, string path);

    [LoggerMessage(LogLevel.Warning, "{Host} at {Destination} does not answer ({Error}: {Reason}); request {RequestId}")]
    public static partial void AppUnreachable(this ILogger logger, string host, string destination, string error, string? reason, string requestId);
}
