using System.Data.Common;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Slipway.Store;

/// <summary>What keeps Slipway from its database, as opposed to what is wrong with a statement.</summary>
public enum StoreTroubleKind
{
    /// <summary>Nothing answers there, or not in time; it may come back by itself.</summary>
    Unreachable,

    /// <summary>It answers and takes no more connections for now.</summary>
    Busy,

    /// <summary>User or password are wrong.</summary>
    Refused,

    /// <summary>Its certificate is not one that the settings trust, or it speaks no TLS.</summary>
    Untrusted,

    /// <summary>There is no such database.</summary>
    Missing,

    /// <summary>The user may not do what Slipway needs.</summary>
    Forbidden,

    /// <summary>Its disk is full.</summary>
    DiskFull,
}

/// <param name="Message">In the database's own words, which hold neither password nor data.</param>
public sealed record StoreTrouble(StoreTroubleKind Kind, string Message)
{
    /// <summary>Null for every other exception: that one is a fault of ours. Knows PostgreSQL by its SQLSTATE alone, so that its driver is loaded by nobody else.</summary>
    public static StoreTrouble? Of(Exception? e)
    {
        if (e is null or OperationCanceledException) return null;
        var all = Chain(e).ToList();
        // A refusal comes wrapped in an exception that only says where from.
        var databases = all.OfType<DbException>().ToList();
        if ((databases.Find(d => d.SqlState is { Length: 5 }) ?? databases.FirstOrDefault()) is not { } database) return all.OfType<StoreBusyException>().FirstOrDefault() is { } busy ? new StoreTrouble(StoreTroubleKind.Busy, busy.Message) : null;
        if (database is { SqlState: { Length: 5 } state }) return BySqlState(state) is { } kind ? new StoreTrouble(kind, FirstLine(database)) : null;
        var cause = all.FirstOrDefault(inner => inner is AuthenticationException or SocketException or IOException or TimeoutException);
        var words = cause is null || cause == database ? FirstLine(database) : $"{FirstLine(database)}: {FirstLine(cause)}";
        return cause is AuthenticationException || database.Message.Contains("SSL", StringComparison.Ordinal) ? new StoreTrouble(StoreTroubleKind.Untrusted, words)
            : database.Message.Contains("pool has been exhausted", StringComparison.Ordinal) ? new StoreTrouble(StoreTroubleKind.Busy, words)
            : cause is not null || database.IsTransient ? new StoreTrouble(StoreTroubleKind.Unreachable, words)
            : null;
    }

    private static StoreTroubleKind? BySqlState(string state) => state switch
    {
        "28P01" or "28000" => StoreTroubleKind.Refused,
        "3D000" => StoreTroubleKind.Missing,
        "42501" or "25006" => StoreTroubleKind.Forbidden,
        "53100" => StoreTroubleKind.DiskFull,
        // A lock that was not given in time, and what a frozen transaction of ours is ended with.
        "55P03" or "57014" => StoreTroubleKind.Busy,
        ['5', '3', ..] => StoreTroubleKind.Busy,
        ['0', '8', ..] or "25P03" or "57P01" or "57P02" or "57P03" or "57P05" => StoreTroubleKind.Unreachable,
        _ => null,
    };

    private static IEnumerable<Exception> Chain(Exception? e)
    {
        for (; e is not null; e = e.InnerException) yield return e;
    }

    private static string FirstLine(Exception e) => e.Message.Split('\n', 2)[0].TrimEnd('\r', '.');
}

/// <summary>The writes before this one took too long.</summary>
internal sealed class StoreBusyException() : Exception("the database did not take the writes before this one in time");
