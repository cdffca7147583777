using System.Text;
using Microsoft.EntityFrameworkCore;

namespace Slipway.Store.Database;

/// <summary>Names columns, keys and indexes as SQL is written by hand: <c>deployment_id</c>.</summary>
internal static class SnakeCase
{
    public static void Apply(ModelBuilder builder)
    {
        foreach (var entity in builder.Model.GetEntityTypes())
        {
            var table = entity.GetTableName();
            foreach (var property in entity.GetProperties()) property.SetColumnName(Of(property.Name));
            foreach (var key in entity.GetKeys()) key.SetName($"pk_{table}");
            foreach (var foreignKey in entity.GetForeignKeys()) foreignKey.SetConstraintName($"fk_{table}_{Columns(foreignKey.Properties)}");
            foreach (var index in entity.GetIndexes()) index.SetDatabaseName($"ix_{table}_{Columns(index.Properties)}");
        }
    }

    public static string Of(string name)
    {
        var text = new StringBuilder();
        foreach (var c in name)
        {
            if (char.IsUpper(c) && text.Length > 0) text.Append('_');
            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }

    private static string Columns(IEnumerable<Microsoft.EntityFrameworkCore.Metadata.IReadOnlyProperty> properties) =>
        string.Join('_', properties.Select(p => Of(p.Name)));
}
