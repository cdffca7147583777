using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.Core.Access;
using Slipway.Core.Auditing;
using Slipway.Core.Deployments;
using Slipway.Core.Projects;
using Slipway.Core.Queueing;
using Slipway.Core.Storage;
using Slipway.Core.Tenancy;
using Slipway.Core.Webhooks;
using Slipway.Store;
using Slipway.Testing;
using Slipway.Testing.Postgres;

namespace Contract.Tests.Store;

/// <summary>Both databases are filled, taken to a file, destroyed and brought back, also each from the other's file.</summary>
public sealed class BackupTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-backup-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Backup => Path.Combine(_folder, "backup.db");

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("sqlite", "sqlite")]
    [InlineData("postgres", "postgres")]
    [InlineData("sqlite", "postgres")]
    [InlineData("postgres", "sqlite")]
    public async Task Everything_is_back_after_the_database_was_lost(string from, string to)
    {
        string before;
        StoreReport made;
        await using (var source = await NewAsync(from))
        {
            before = await FillAsync(source);
            made = await Transfer(source).BackupAsync(Backup, Ct);
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Backup));
            Assert.Equal(14, made.Tables.Count);
            Assert.All(made.Tables, t => Assert.Equal(t.Before, t.After));
            Assert.Equal(["login_links", "sessions"], made.Tables.Where(t => t.After == 0).Select(t => t.Table).Order());
        }

        await using var restored = await NewAsync(to, isTool: true);
        var report = await Transfer(restored).RestoreAsync(Backup, force: false, Ct);
        Assert.Equal(made.Tables.OrderBy(t => t.Table, StringComparer.Ordinal), report.Tables.OrderBy(t => t.Table, StringComparer.Ordinal));
        Assert.Equal(before, await SeenAsync(restored));

        // It is a store to work with, numbers included.
        using var scope = TeamScope.EnterSystem();
        var parts = SqliteStore.PartsOf(restored, () => ValueTask.CompletedTask);
        Assert.True(await parts.Queue.EnqueueAsync(new Job(StrongId.New<DeploymentId>(TimeProvider.System)), Ct));
        Assert.Single(await parts.Letters.ListAsync(Ct));
        Assert.Equal(4, (await parts.Audit.AppendAsync(new AuditEntry(0, TeamScope.DefaultTeam, TimeProvider.System.GetUtcNow(), "token", AuditAction.Exec, null, "ls"), Ct)).Id);
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task What_is_there_is_replaced_only_by_force(string kind)
    {
        await using (var source = await NewAsync("sqlite")) await FillAsync(source);
        await using (var source = await NewAsync("sqlite", name: "first")) await Transfer(source).BackupAsync(Backup, Ct);
        await using var used = await NewAsync(kind, isTool: true, name: "second");
        await FillAsync(used);
        var e = await Assert.ThrowsAsync<StoreStartException>(() => Transfer(used).RestoreAsync(Backup, force: false, Ct));
        Assert.Contains("--force", e.Message, StringComparison.Ordinal);
        Assert.NotEmpty(await SeenAsync(used));
        var report = await Transfer(used).RestoreAsync(Backup, force: true, Ct);
        Assert.Equal(0, report.Tables.Sum(t => t.After));
        using var scope = TeamScope.EnterSystem();
        Assert.Empty(await used.GetRequiredService<IProjectStore>().ListAsync(Ct));
    }

    [Fact]
    public async Task A_postgres_that_a_server_uses_is_left_alone()
    {
        await using (var source = await NewAsync("sqlite")) await Transfer(source).BackupAsync(Backup, Ct);
        var connection = await NewDatabaseAsync();
        var server = await SharedPostgres.ServerAsync();
        await using var running = await PostgresStore.OpenAsync(connection, server, _folder, TimeProvider.System);
        await using var tool = PostgresStore.Services(connection, server.PasswordFile, _folder, TimeProvider.System, o => o.IsTool = true);
        var e = await Assert.ThrowsAsync<StoreStartException>(() => Transfer(tool).RestoreAsync(Backup, force: true, Ct));
        Assert.Contains("stop it first", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_key_and_other_files_are_refused_and_change_nothing()
    {
        await using (var source = await NewAsync("sqlite"))
        {
            await FillAsync(source);
            await Transfer(source).BackupAsync(Backup, Ct);
            Assert.Contains("is there already", (await Assert.ThrowsAsync<StoreStartException>(() => Transfer(source).BackupAsync(Backup, Ct))).Message, StringComparison.Ordinal);
        }

        await using var target = await NewAsync("sqlite", name: "target");
        async Task<string> RefusedAsync(string file) => (await Assert.ThrowsAsync<StoreStartException>(() => Transfer(target).RestoreAsync(file, force: true, Ct))).Message;
        Assert.Contains("there is no file", await RefusedAsync(Path.Combine(_folder, "none")), StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(_folder, "text"), new string('x', 5000), Ct);
        Assert.Contains("no backup", await RefusedAsync(Path.Combine(_folder, "text")), StringComparison.Ordinal);
        Assert.Contains("no backup", await RefusedAsync(Path.Combine(_folder, "target.db")), StringComparison.Ordinal);
        await File.WriteAllBytesAsync(SqliteStore.KeyIn(_folder), RandomNumberGenerator.GetBytes(32), Ct);
        await using var stranger = await NewAsync("sqlite", name: "stranger");
        var e = await Assert.ThrowsAsync<StoreStartException>(() => Transfer(stranger).RestoreAsync(Backup, force: true, Ct));
        Assert.Contains("another master key", e.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder, "*.restoring"));
    }

    [Fact]
    public async Task A_home_moves_to_postgres_and_one_that_is_stopped_halfway_has_moved_nothing()
    {
        await using var home = await NewAsync("sqlite", isTool: true);
        var before = await FillAsync(home);
        var connection = await NewDatabaseAsync();
        var server = await SharedPostgres.ServerAsync();
        await using var target = PostgresStore.Services(connection, server.PasswordFile, _folder, TimeProvider.System, o => o.IsTool = true);

        // A row that PostgreSQL does not take, after most tables.
        await using (var file = new SqliteConnection($"Data Source={Path.Combine(_folder, "home.db")};Foreign Keys=False"))
        {
            await file.OpenAsync(Ct);
            await using var break_ = file.CreateCommand();
            break_.CommandText = "INSERT INTO webhook_deliveries VALUES ('github', 'bad', 'prj_none', 'team', 0)";
            await break_.ExecuteNonQueryAsync(Ct);
            await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => Transfer(home).MoveAsync(Transfer(target), force: false, Ct));
            break_.CommandText = "DELETE FROM webhook_deliveries WHERE delivery_id = 'bad'";
            await break_.ExecuteNonQueryAsync(Ct);
        }

        Assert.Equal("0", await server.AskAsync("SELECT count(*) FROM projects", connection.Split("Database=")[1]));
        Assert.Equal(before, await SeenAsync(home));

        var report = await Transfer(home).MoveAsync(Transfer(target), force: false, Ct);
        Assert.All(report.Tables, t => Assert.Equal(t.Before, t.After));
        Assert.Equal(before, await SeenAsync(target));
        Assert.Contains("--force", (await Assert.ThrowsAsync<StoreStartException>(() => Transfer(home).MoveAsync(Transfer(target), force: false, Ct))).Message, StringComparison.Ordinal);
    }

    private static StoreTransfer Transfer(IServiceProvider services) => services.GetRequiredService<StoreTransfer>();

    private async Task<ServiceProvider> NewAsync(string kind, bool isTool = false, string name = "home")
    {
        var server = kind == "postgres" ? await SharedPostgres.ServerAsync() : null;
        var services = server is null
            ? new ServiceCollection().AddStore(o => (o.DatabasePath, o.MasterKeyFile) = (Path.Combine(_folder, $"{name}.db"), SqliteStore.KeyIn(_folder))).BuildServiceProvider()
            : PostgresStore.Services(await NewDatabaseAsync(), server.PasswordFile, _folder, TimeProvider.System, o => o.IsTool = isTool);
        if (isTool && kind == "sqlite" && name == "home")
        {
            SqliteConnection.ClearAllPools();
            foreach (var file in Directory.GetFiles(_folder, "home.db*")) File.Delete(file);
        }

        await services.GetRequiredService<StoreMigrator>().MigrateAsync(Ct);
        return services;
    }

    private static async Task<string> NewDatabaseAsync()
    {
        var server = await SharedPostgres.ServerAsync();
        var name = $"d{RandomNumberGenerator.GetHexString(10, lowercase: true)}";
        await server.AskAsync($"CREATE DATABASE {name}");
        return server.ConnectionString(name);
    }

    /// <summary>Something in every table but the two that hold what is only good for minutes.</summary>
    private static async Task<string> FillAsync(IServiceProvider services)
    {
        using var scope = TeamScope.EnterSystem();
        var (time, parts) = (TimeProvider.System, SqliteStore.PartsOf(services, () => ValueTask.CompletedTask));
        for (var i = 0; i < 3; i++)
        {
            var project = StoreSamples.Project(time) with { WebhookSecret = new Secret($"hook {i}") };
            await parts.Projects.CreateAsync(project, Ct);
            await parts.Projects.EnvironmentAsync(project.Id, _ => [new("KEY", new Secret($"välue {i} 🚀"), EnvironmentTarget.Both, EnvironmentPhase.Run, i % 2 == 0)], Ct);
            await parts.Webhooks.TryRecordAsync(new WebhookDelivery("github", $"delivery-{project.Id}", project.Id, project.Team, time.GetUtcNow()), Ct);
            await parts.Audit.AppendAsync(new AuditEntry(0, project.Team, time.GetUtcNow(), "token from 127.0.0.1", AuditAction.Exec, project.Name, $"echo 'välue {i} 🚀'"), Ct);
            await parts.Domains.AddAsync(new Slipway.Core.Domains.Domain($"{project.Name}.test", project.Id, project.Team, null, time.GetUtcNow()), Ct);
            foreach (var state in new[] { DeploymentState.Queued, DeploymentState.Ready, DeploymentState.Error })
            {
                var deployment = StoreSamples.Deployment(time, project);
                await parts.Deployments.CreateAsync(deployment, Ct);
                foreach (var happened in StoreSamples.PathTo(state)) await parts.Deployments.ApplyAsync(deployment.Id, happened, Ct);
                for (var batch = 0; batch < 5; batch++) await parts.Log.AppendAsync(deployment.Id, 1, batch, StoreSamples.Lines(time, Enumerable.Range(0, 50).Select(n => $"line {batch} {n}")), Ct);
                await parts.Log.CompleteAsync(deployment.Id, Ct);
                await parts.Queue.EnqueueAsync(new Job(deployment.Id), Ct);
            }
        }

        await parts.Queue.BuryAsync(await parts.Queue.LeaseAsync("w", TimeSpan.FromMinutes(1), Ct), "poison", Ct);
        await parts.Access.CreateTokenAsync(new ApiToken(CredentialHash.Of(new Secret("token")), TeamScope.DefaultTeam, "ci", time.GetUtcNow(), null, null), Ct);
        return await SeenAsync(services);
    }

    /// <summary>All that the seams show, secrets included.</summary>
    private static async Task<string> SeenAsync(IServiceProvider services)
    {
        using var scope = TeamScope.EnterSystem();
        var parts = SqliteStore.PartsOf(services, () => ValueTask.CompletedTask);
        var seen = new System.Text.StringBuilder();
        foreach (var project in await parts.Projects.ListAsync(Ct))
        {
            seen.AppendLine($"{StoreSamples.Json(project)} {project.CacheKey.Reveal()} {project.WebhookSecret?.Reveal()}");
            seen.AppendLine(StoreSamples.Json(await parts.Domains.ListAsync(project.Id, Ct)));
            foreach (var variable in await parts.Projects.EnvironmentAsync(project.Id, null, Ct)) seen.AppendLine($"{variable.Name} {variable.Value.Reveal()} {variable.IsSecret} {variable.Phase}");
        }

        foreach (var deployment in await parts.Deployments.ListAsync(new DeploymentQuery { Limit = 100 }, Ct))
        {
            seen.AppendLine(StoreSamples.Json(deployment));
            seen.AppendLine(StoreSamples.Json(await parts.Deployments.EventsAsync(deployment.Id, Ct)));
            seen.AppendLine(StoreSamples.Json(await parts.Log.ReadAsync(deployment.Id, 0, 1000, Ct)));
        }

        seen.AppendLine(StoreSamples.Json(await parts.Letters.ListAsync(Ct)));
        seen.AppendLine(StoreSamples.Json(await parts.Audit.ReadAsync(new AuditQuery(), Ct)));
        return seen.ToString();
    }
}
