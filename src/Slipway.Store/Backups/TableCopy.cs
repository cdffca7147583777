using System.Data.Common;
using System.Globalization;
using Slipway.Core;
using Slipway.Core.Storage;

namespace Slipway.Store.Backups;

/// <summary>All rows from one database to another, by statements that both understand. Encrypted values stay as they are.</summary>
internal static class TableCopy
{
    /// <param name="to">Inside a transaction, its tables empty: what does not add up is not kept.</param>
    public static async Task<IReadOnlyList<TableCount>> CopyAsync(DbConnection from, DbConnection to, IReadOnlyList<StoredTable> tables, CancellationToken ct)
    {
        var counts = new List<TableCount>();
        foreach (var table in tables)
        {
            await CopyAsync(from, to, table, ct);
            var count = new TableCount(table.Name, await CountAsync(from, table, ct), await CountAsync(to, table, ct));
            if (count.Before != count.After) throw new InvalidOperationException($"{table.Name} has {count.Before} rows, and {count.After} arrived; nothing was kept");
            counts.Add(count);
        }

        return counts;
    }

    public static async Task<IReadOnlyList<TableCount>> CountAsync(DbConnection connection, IReadOnlyList<StoredTable> tables, CancellationToken ct)
    {
        var counts = new List<TableCount>();
        foreach (var table in tables)
        {
            var count = await CountAsync(connection, table, ct);
            counts.Add(new TableCount(table.Name, count, count));
        }

        return counts;
    }

    public static async Task ExecuteAsync(this DbConnection connection, string sql, CancellationToken ct)
    {
        await using var command = Command(connection, sql);
        await command.ExecuteNonQueryAsync(ct);
    }

    public static async Task<object?> ScalarAsync(this DbConnection connection, string sql, CancellationToken ct)
    {
        await using var command = Command(connection, sql);
        return await command.ExecuteScalarAsync(ct);
    }

    private static async Task CopyAsync(DbConnection from, DbConnection to, StoredTable table, CancellationToken ct)
    {
        var columns = string.Join(", ", table.Columns.Select(c => $"\"{c.Name}\""));
        await using var select = Command(from, $"SELECT {columns} FROM \"{table.Name}\"");
        await using var insert = Command(to, $"INSERT INTO \"{table.Name}\" ({columns}) VALUES ({string.Join(", ", table.Columns.Select((_, i) => $"@p{i}"))})");
        await using var row = await select.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            insert.Parameters.Clear();
            for (var i = 0; i < table.Columns.Count; i++)
            {
                var value = insert.CreateParameter();
                value.ParameterName = $"p{i}";
                value.Value = row.GetValue(i) switch
                {
                    // Written before a database was asked that minds.
                    string text => StorableText.Of(text),
                    not DBNull and var number when table.Columns[i].IsBoolean => Convert.ToBoolean(number, CultureInfo.InvariantCulture),
                    var other => other,
                };
                insert.Parameters.Add(value);
            }

            await insert.ExecuteNonQueryAsync(ct);
        }
    }

    private static async Task<long> CountAsync(DbConnection connection, StoredTable table, CancellationToken ct) =>
        Convert.ToInt64(await connection.ScalarAsync($"SELECT count(*) FROM \"{table.Name}\"", ct), CultureInfo.InvariantCulture);

    private static DbCommand Command(DbConnection connection, string sql)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // names of our own tables and columns
        command.CommandText = sql;
#pragma warning restore CA2100
        command.CommandTimeout = 0;
        return command;
    }
}
