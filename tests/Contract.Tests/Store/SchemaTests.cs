using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Slipway.Core.Tenancy;
using Slipway.Store;
using Slipway.Store.Database;
using Slipway.Testing;

namespace Contract.Tests.Store;

/// <summary>The migrations, the model and the script for empty files say the same.</summary>
public sealed class SchemaTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_model_has_no_change_that_no_migration_makes()
    {
        await using var temporary = await TemporaryStore.StartAsync();
        await using var db = Context(temporary.Services);
        Assert.False(db.Database.HasPendingModelChanges(), "run dotnet ef migrations add, see docs/checklists/new-migration.md");
    }

    [Fact]
    public async Task The_script_for_empty_files_is_what_the_migrations_print()
    {
        await using var temporary = await TemporaryStore.StartAsync();
        await using var db = Context(temporary.Services);
        Golden.Match(db.GetService<IMigrator>().GenerateScript(), "src/Slipway.Store/Migrations/schema.sql");
    }

    [Fact]
    public async Task An_old_file_and_an_empty_file_end_with_the_same_tables()
    {
        await using var scripted = await TemporaryStore.StartAsync();
        var folder = TemporaryStore.NewFolder();
        await using (var db = Unmigrated(folder)) await db.Database.MigrateAsync(Ct);
        Assert.Equal(await TablesAsync(folder), await TablesAsync(scripted.Folder));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_file_left_by_a_migration_that_was_killed_is_finished()
    {
        var folder = TemporaryStore.NewFolder();
        await using (var db = Unmigrated(folder))
        {
            // What EF leaves behind: its lock taken, its history begun, nothing done.
            await db.Database.ExecuteSqlRawAsync("""
                CREATE TABLE "__EFMigrationsLock" ("Id" INTEGER NOT NULL CONSTRAINT "PK___EFMigrationsLock" PRIMARY KEY, "Timestamp" TEXT NOT NULL);
                INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-01-01');
                CREATE TABLE "__EFMigrationsHistory" ("MigrationId" TEXT NOT NULL CONSTRAINT "PK___EFMigrationsHistory" PRIMARY KEY, "ProductVersion" TEXT NOT NULL);
                """, Ct);
        }

        await using (var opened = await SqliteStore.OpenAsync(folder, new FakeTimeProvider()).WaitAsync(TimeSpan.FromSeconds(30), Ct))
        {
            await using var db = Context(opened);
            Assert.Empty(await db.Database.GetPendingMigrationsAsync(Ct));
            Assert.Equal(SchemaScript.Sqlite.Known, await db.Database.GetAppliedMigrationsAsync(Ct));
        }

        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_file_of_a_newer_version_is_left_alone()
    {
        await using var temporary = await TemporaryStore.StartAsync();
        await using (var db = Context(temporary.Services))
        {
            await db.Database.ExecuteSqlRawAsync("""INSERT INTO "__EFMigrationsHistory" VALUES ('29990101000000_FlyingCars', '99.0.0')""", Ct);
        }

        var e = await Assert.ThrowsAsync<StoreStartException>(() => temporary.Services.GetRequiredService<StoreMigrator>().MigrateAsync(Ct));
        Assert.Contains("29990101000000_FlyingCars", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_copy_before_an_upgrade_is_whole_and_for_its_owner_only()
    {
        await using var temporary = await TemporaryStore.StartAsync();
        using (TeamScope.EnterSystem()) await temporary.Parts.Projects.CreateAsync(StoreSamples.Project(temporary.Time), Ct);
        var migrator = Assert.IsType<SqliteDatabase>(temporary.Services.GetRequiredService<IStoreDatabase>());
        await File.WriteAllTextAsync(SqliteStore.DatabaseIn(temporary.Folder) + ".before-Next.unfinished", "killed", Ct);
        Assert.Equal(await migrator.CopyAsideAsync("Next", Ct), await migrator.CopyAsideAsync("Next", Ct));

        var folder = TemporaryStore.NewFolder();
        File.Move(SqliteStore.DatabaseIn(temporary.Folder) + ".before-Next", SqliteStore.DatabaseIn(folder));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(SqliteStore.DatabaseIn(folder)));
        await using (var db = Unmigrated(folder)) Assert.Equal(1, await db.Projects.OfEveryTeam().CountAsync(Ct));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Nothing_else_is_public() =>
        Assert.Equal([nameof(DiskFull), nameof(EmbeddedLeases), nameof(StoreCounts), nameof(StoreMigrator), nameof(StoreOptions), nameof(StoreRegistration), nameof(StoreStartException), nameof(StoreTransfer), nameof(StoreTrouble), nameof(StoreTroubleKind)], typeof(StoreOptions).Assembly.GetExportedTypes().Select(type => type.Name).Order());

    private static SlipwayDb Context(IServiceProvider services) => services.GetRequiredService<IDbContextFactory<SlipwayDb>>().CreateDbContext();

    private static SlipwayDb Unmigrated(string folder)
    {
        var options = new DbContextOptionsBuilder<SlipwayDb>();
        SqliteConnections.Configure(options, SqliteStore.DatabaseIn(folder));
        return new SlipwayDb(options.Options);
    }

    private static async Task<List<string>> TablesAsync(string folder)
    {
        await using var db = Unmigrated(folder);
        return await db.Database.SqlQuery<string>($"SELECT sql AS Value FROM sqlite_master WHERE sql IS NOT NULL AND name <> '__EFMigrationsLock' ORDER BY name").ToListAsync(Ct);
    }
}
