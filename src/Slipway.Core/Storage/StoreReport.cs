namespace Slipway.Core.Storage;

/// <summary>What a verb on the database as a whole did: <c>db migrate</c>, <c>backup</c>, <c>restore</c>, <c>move</c>.</summary>
/// <param name="Database">Where the store is: the file, or database and host.</param>
/// <param name="File">The backup; null where there is none.</param>
/// <param name="Migrations">What was applied, oldest first.</param>
/// <param name="Tables">What was copied.</param>
public sealed record StoreReport(string Database, string? File, IReadOnlyList<string> Migrations, IReadOnlyList<TableCount> Tables);

/// <summary>Rows of a table where they came from, and where they are now; equal, or nothing was kept.</summary>
public sealed record TableCount(string Table, long Before, long After);
