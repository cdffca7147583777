using Microsoft.EntityFrameworkCore;
using Slipway.Store.Database.Postgres;
using Slipway.Testing;

namespace Contract.Tests.Store;

/// <summary>The migrations, the model and the script for empty databases say the same in PostgreSQL, too.</summary>
public sealed class PostgresSchemaTests
{
    [Fact]
    public void The_model_has_no_change_that_no_migration_makes()
    {
        using var db = new PostgresDesignTime().CreateDbContext([]);
        Assert.False(db.Database.HasPendingModelChanges(), "run dotnet ef migrations add, see docs/checklists/new-migration.md");
    }

    [Fact]
    public void The_script_for_empty_databases_is_what_the_migrations_print()
    {
        using var db = new PostgresDesignTime().CreateDbContext([]);
        Golden.Match(PostgresSchema.UpgradeScript(db), "src/Slipway.Store/Database/Postgres/Migrations/schema.sql");
    }
}
