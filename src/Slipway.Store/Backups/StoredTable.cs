using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Slipway.Store.Database;

namespace Slipway.Store.Backups;

/// <param name="Numbered">The column that the database numbers by itself; null where there is none.</param>
internal sealed record StoredTable(string Name, IReadOnlyList<StoredColumn> Columns, string? Numbered)
{
    /// <summary>All of them, each after those that it refers to.</summary>
    public static IReadOnlyList<StoredTable> All(SlipwayDb db)
    {
        var left = db.Model.GetEntityTypes().ToList();
        var ordered = new List<IEntityType>();
        while (left.Find(e => e.GetForeignKeys().All(f => ordered.Contains(f.PrincipalEntityType))) is { } next)
        {
            ordered.Add(next);
            left.Remove(next);
        }

        return left.Count == 0 ? ordered.ConvertAll(Of) : throw new InvalidOperationException("two tables refer to each other");
    }

    private static StoredTable Of(IEntityType entity) => new(
        entity.GetTableName() ?? "",
        [.. entity.GetProperties().Select(p => new StoredColumn(p.GetColumnName(), (p.GetTypeMapping().Converter?.ProviderClrType ?? p.ClrType) == typeof(bool)))],
        entity.GetProperties().FirstOrDefault(p => p.ValueGenerated == ValueGenerated.OnAdd && p.ClrType == typeof(long) && p.IsPrimaryKey())?.GetColumnName());
}

/// <param name="IsBoolean">SQLite has none: 0 and 1.</param>
internal sealed record StoredColumn(string Name, bool IsBoolean);
