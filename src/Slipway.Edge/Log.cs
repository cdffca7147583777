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

    [LoggerMessage(LogLevel.Information, "Certificate {File} for {Names}, valid until {NotAfter:u}")]
    public static partial void CertificateTaken(this ILogger logger, string file, string names, DateTimeOffset notAfter);

    [LoggerMessage(LogLevel.Error, "Certificate {File}: {Fault}; {Consequence}")]
    public static partial void CertificateUnusable(this ILogger logger, string file, string fault, string consequence);

    [LoggerMessage(LogLevel.Error, "The folders of certificates could not be looked at; what was read before serves on")]
    public static partial void CertificatesNotLookedAt(this ILogger logger, Exception error);

    [LoggerMessage(LogLevel.Information, "Edge listens on {Address} for TLS")]
    public static partial void TlsOpened(this ILogger logger, string address);

    [LoggerMessage(LogLevel.Error, "No TLS: port {Port} cannot be opened ({Reason}). Plain HTTP is served. Free the port and restart the edge, or say Slipway:Edge:Tls:Port (0: none)")]
    public static partial void TlsNotOpened(this ILogger logger, int port, string reason);

    [LoggerMessage(LogLevel.Warning, "{Host} at {Destination} does not answer ({Error}: {Reason}); request {RequestId}")]
    public static partial void AppUnreachable(this ILogger logger, string host, string destination, string error, string? reason, string requestId);

    [LoggerMessage(LogLevel.Error, "The key of visitors' cookies cannot be kept in {Path}: after a restart of the edge they are asked for their passwords again")]
    public static partial void VisitorKeyNotKept(this ILogger logger, Exception error, string path);

    [LoggerMessage(LogLevel.Warning, "the rules of {Host} are not known to this edge and are not applied: is it older than the control plane?")]
    public static partial void RulesNotKnown(this ILogger logger, Exception e, string host);
}
