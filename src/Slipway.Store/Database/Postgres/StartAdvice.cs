using System.Diagnostics;

namespace Slipway.Store.Database.Postgres;

/// <summary>What a person reads who started Slipway on a database that it cannot use: which setting, what happened, what to do.</summary>
internal static class StartAdvice
{
    private const string Connection = $"{StoreOptions.Section}:{nameof(StoreOptions.ConnectionString)}";
    private const string Password = $"{StoreOptions.Section}:{nameof(StoreOptions.PasswordFile)}";
    private const string Pool = $"{StoreOptions.Section}:{nameof(StoreOptions.MaxPoolSize)}";

    public static string For(StoreTrouble trouble, string where) => trouble.Kind switch
    {
        StoreTroubleKind.Unreachable => $"{Connection}: no PostgreSQL answers for {where} ({trouble.Message}); start it, or correct Host and Port",
        StoreTroubleKind.Busy => $"{Pool}: {where} takes no more connections ({trouble.Message}); lower it, or raise the server's max_connections",
        StoreTroubleKind.Refused => $"{Password}: {where} does not let us in ({trouble.Message}); correct the password in that file, the Username in {Connection}, or the server's pg_hba.conf",
        StoreTroubleKind.Untrusted => $"{Connection}: {where} is not trusted ({trouble.Message}); name its authority with Root Certificate=FILE and the Host that is in its certificate, or, on a network of your own without TLS, say SSL Mode=Disable",
        StoreTroubleKind.Missing => $"{Connection}: {where} is not there ({trouble.Message}); make it: CREATE DATABASE name OWNER user",
        StoreTroubleKind.Forbidden => $"{Connection}: the user may not make tables in {where} ({trouble.Message}); let it own the database: ALTER DATABASE name OWNER TO user",
        StoreTroubleKind.DiskFull => $"{where} has no room left on its disk ({trouble.Message}); free some there",
        _ => throw new UnreachableException(),
    };
}
