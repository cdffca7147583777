using Microsoft.Data.Sqlite;

namespace Slipway.Store;

/// <summary>Whether an exception says that the disk has no room left, in SQLite's words or in the kernel's.</summary>
public static class DiskFull
{
    private const int SqliteFull = 13;
    private const int NoSpaceLeft = 28;

    public static bool Is(Exception? e)
    {
        for (; e is not null; e = e.InnerException)
        {
            if (e is SqliteException { SqliteErrorCode: SqliteFull } or IOException { HResult: NoSpaceLeft }) return true;
        }

        return false;
    }
}
