using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Slipway.Store.Database;

/// <summary>All that differs between SQLite and PostgreSQL; the rest of this project runs on both as it is.</summary>
internal interface IStoreDatabase : IDbContextFactory<SlipwayDb>
{
    /// <summary>For a person: the file, or host and database.</summary>
    string Where { get; }

    /// <summary>How long a write may wait for those before it in this process.</summary>
    TimeSpan WriterPatience { get; }

    /// <summary>Brings the tables to what this version needs, one process at a time.</summary>
    Task<Migrated> MigrateAsync(CancellationToken ct);

    /// <summary>A transaction that holds the database's one write lock from its start, so that what it reads cannot change before it writes.</summary>
    Task<IDbContextTransaction> BeginWriteAsync(SlipwayDb db, CancellationToken ct);
}

/// <param name="Applied">Oldest first; all of them in a database that was empty.</param>
/// <param name="WasEmpty">There was no table before.</param>
/// <param name="HoldsSecrets">Something in it is encrypted under the master key.</param>
internal sealed record Migrated(IReadOnlyList<string> Applied, bool WasEmpty, bool HoldsSecrets);
