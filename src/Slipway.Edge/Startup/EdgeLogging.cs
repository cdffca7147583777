using Microsoft.Extensions.Logging;

namespace Slipway.Edge.Startup;

/// <summary>The edge's own lines on stdout; what clients can provoke at will (bad requests, dead apps) is not logged by the libraries.</summary>
internal static class EdgeLogging
{
    public static ILoggerFactory Create() => LoggerFactory.Create(logging => logging
        .AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        })
        .AddFilter("Microsoft", LogLevel.Warning)
        .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None) // What it says of a failed start, the exception says better.
        .AddFilter("Yarp", LogLevel.None));
}
