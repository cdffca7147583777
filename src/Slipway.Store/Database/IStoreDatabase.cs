using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Slipway.Core.Storage;

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

    /// <summary>Where large files for a while may be.</summary>
    string WorkFolder { get; }

    /// <summary>All tables, as they were at one moment, into an empty SQLite file.</summary>
    Task<IReadOnlyList<TableCount>> CopyToFileAsync(string path, CancellationToken ct);

    /// <summary>All tables out of a SQLite file, in place of what is there; whole or not at all. The file may be used up.</summary>
    /// <param name="force">Also where something is there.</param>
    /// <exception cref="StoreStartException">Something is there, or a server uses it.</exception>
    Task<IReadOnlyList<TableCount>> TakeFromFileAsync(string path, bool force, CancellationToken ct);

    /// <summary>A transaction that holds the database's one write lock from its start, so that what it reads cannot change before it writes.</summary>
    Task<IDbContextTransaction> BeginWriteAsync(SlipwayDb db, CancellationToken ct);
}

/// <param name="Applied">Oldest first; all of them in a database that was empty.</param>
/// <param name="WasEmpty">There was no table before.</param>
/// <param name="HoldsSecrets">Something in it is encrypted under the master key.</param>
internal sealed record Migrated(IReadOnlyList<string> Applied, bool WasEmpty, bool HoldsSecrets);
