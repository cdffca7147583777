using Microsoft.Extensions.Logging;

namespace Slipway.Store;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Warning, "The master key file {Path} was open to others (mode {Mode}); it is now readable by its owner only. Anyone with an account on this machine may have read it.")]
    public static partial void MasterKeyWasOpen(this ILogger log, string path, UnixFileMode mode);

    [LoggerMessage(LogLevel.Information, "The database {Path} is brought up to date: {Migrations}")]
    public static partial void Migrating(this ILogger log, string path, string migrations);

    [LoggerMessage(LogLevel.Warning, "The database {Where} cannot be used yet, it is tried again: {Reason}")]
    public static partial void WaitingForDatabase(this ILogger log, string where, string reason);
}
