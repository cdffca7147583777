using Microsoft.EntityFrameworkCore;

namespace Slipway.Store.Database.Postgres;

/// <summary>The same tables in PostgreSQL, with migrations of their own (docs/adr/0004-two-sets-of-migrations.md).</summary>
internal sealed class PostgresDb(DbContextOptions<PostgresDb> options) : SlipwayDb(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);

        // Text sorts and compares by its bytes, as in SQLite, whatever language the database was made for.
        foreach (var text in modelBuilder.Model.GetEntityTypes().SelectMany(e => e.GetProperties()).Where(p => (p.GetValueConverter()?.ProviderClrType ?? p.ClrType) == typeof(string)))
        {
            text.SetCollation("C");
        }
    }
}
