using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Core.Projects;
using Slipway.Core.Tenancy;
using Slipway.Store;
using Slipway.Store.Database;
using Slipway.Testing;
using Slipway.Testing.BuildKit;
using Slipway.Testing.Contracts;
using Slipway.Testing.Postgres;

namespace Contract.Tests.Store;

/// <summary>Whoever starts Slipway on a PostgreSQL that it cannot use is told which setting is wrong; nothing secret is in it.</summary>
public sealed class PostgresStartTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-store-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("", "ConnectionString is not set")]
    [InlineData("postgres://u:hush@h/d", "ConnectionString is a URL")]
    [InlineData("Host=h;Password=hush", "ConnectionString holds a password")]
    [InlineData("Host=h;pwd=hush", "ConnectionString holds a password")]
    [InlineData("Host=h;Colour=blue", "ConnectionString cannot be read")]
    [InlineData("Host=h;Port=many", "ConnectionString cannot be read")]
    [InlineData("Username=u", "ConnectionString names no Host")]
    public void A_connection_string_that_cannot_be_meant(string given, string says) => Says(says, Assert.Throws<StoreStartException>(() => Open(given, "")));

    [Fact]
    public void A_password_file_that_is_not_there_or_empty()
    {
        Says("PasswordFile", Assert.Throws<StoreStartException>(() => Open("Host=h", Path.Combine(_folder, "none"))));
        Says("is empty", Assert.Throws<StoreStartException>(() => Open("Host=h", File("\n"))));
    }

    [Fact]
    public async Task A_database_kind_that_there_is_not()
    {
        await using var services = PostgresStore.Services("Host=h", "", _folder, TimeProvider.System, o => o.Database = "mysql");
        Assert.Contains("neither 'sqlite' nor 'postgres'", Assert.Throws<Microsoft.Extensions.Options.OptionsValidationException>(services.GetRequiredService<StoreMigrator>).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password()
    {
        var server = await SharedPostgres.ServerAsync();
        Says("PasswordFile", await FailsAsync(server.ConnectionString(), File("hush")));
        Says("PasswordFile", await FailsAsync(server.ConnectionString().Replace($"Username={PostgresServer.User}", "Username=nobody", StringComparison.Ordinal), File("hush")));
    }

    [Fact]
    public async Task Nothing_answers() => Says("ConnectionString: no PostgreSQL answers", await FailsAsync($"Host=127.0.0.1;Port=1;Username={PostgresServer.User}", File("hush")));

    [Fact]
    public async Task No_such_database()
    {
        var server = await SharedPostgres.ServerAsync();
        Says("CREATE DATABASE", await FailsAsync(server.ConnectionString("none"), server.PasswordFile));
    }

    [Fact]
    public async Task Another_authority_and_none_and_the_right_one()
    {
        var server = await SharedPostgres.ServerAsync();
        using var other = new TestAuthority("other");
        var connection = (await PostgresStore.NewSchemaAsync(server)).Replace($"Host={server.SocketFolder}", "Host=127.0.0.1", StringComparison.Ordinal);
        Says("Root Certificate=FILE", await FailsAsync($"{connection};SSL Mode=VerifyFull;Root Certificate={other.RootFile}", server.PasswordFile));
        Says("Root Certificate=FILE", await FailsAsync($"{connection};SSL Mode=VerifyFull", server.PasswordFile));
        Assert.NotEmpty(await MigrateAsync($"{connection};SSL Mode=VerifyFull;Root Certificate={server.Authority.RootFile}", server.PasswordFile));
    }

    [Fact]
    public async Task A_user_who_may_make_no_tables()
    {
        var server = await SharedPostgres.ServerAsync();
        var guest = $"guest_{RandomNumberGenerator.GetHexString(6, lowercase: true)}";
        await server.AskAsync($"CREATE USER {guest} PASSWORD 'let-me-in'");
        Says("ALTER DATABASE", await FailsAsync(server.ConnectionString().Replace($"Username={PostgresServer.User}", $"Username={guest}", StringComparison.Ordinal), File("let-me-in")));
    }

    [Fact]
    public async Task A_database_that_is_somebody_elses_or_in_another_encoding()
    {
        var server = await SharedPostgres.ServerAsync();
        var taken = await PostgresStore.NewSchemaAsync(server);
        await server.AskAsync($"CREATE TABLE {taken.Split("Search Path=")[1]}.customers (id int)");
        Says("customers", await FailsAsync(taken, server.PasswordFile));
        await server.AskAsync("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
        Says("ENCODING 'UTF8'", await FailsAsync(server.ConnectionString("latin"), server.PasswordFile));
        Says("Search Path", await FailsAsync($"{server.ConnectionString()};Search Path=nowhere", server.PasswordFile));
    }

    [Fact]
    public async Task A_clock_an_hour_off()
    {
        var server = await SharedPostgres.ServerAsync();
        var late = new WatchedTime(TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(1));
        Says("60 minutes behind", await FailsAsync(await PostgresStore.NewSchemaAsync(server), server.PasswordFile, late, o => o.MaxClockDifference = TimeSpan.FromMinutes(5)));
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_left_alone()
    {
        var server = await SharedPostgres.ServerAsync();
        var connection = await PostgresStore.NewSchemaAsync(server);
        await MigrateAsync(connection, server.PasswordFile);
        await server.AskAsync($"""INSERT INTO {connection.Split("Search Path=")[1]}."__EFMigrationsHistory" VALUES ('29990101000000_FlyingCars', '99.0.0')""");
        Says("29990101000000_FlyingCars", await FailsAsync(connection, server.PasswordFile));
    }

    [Fact]
    public async Task Racing_first_starts_make_the_tables_once()
    {
        var server = await SharedPostgres.ServerAsync();
        var connection = await PostgresStore.NewSchemaAsync(server);
        var applied = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => MigrateAsync(connection, server.PasswordFile)))).Soon();
        Assert.Single(applied, a => a.Count > 0);
        Assert.Equal(SchemaScript.Postgres.Known, applied.Single(a => a.Count > 0));
    }

    [Fact]
    public async Task A_lost_key_is_told_and_not_replaced()
    {
        var server = await SharedPostgres.ServerAsync();
        var connection = await PostgresStore.NewSchemaAsync(server);
        await using (var services = await PostgresStore.OpenAsync(connection, server, _folder, TimeProvider.System))
        {
            using var scope = TeamScope.EnterSystem();
            await services.GetRequiredService<IProjectStore>().CreateAsync(StoreSamples.Project(TimeProvider.System), Ct);
        }

        System.IO.File.Delete(SqliteStore.KeyIn(_folder));
        Says("master.key is missing", await FailsAsync(connection, server.PasswordFile));
    }

    private string File(string text)
    {
        var path = Path.Combine(_folder, RandomNumberGenerator.GetHexString(8));
        System.IO.File.WriteAllText(path, text);
        return path;
    }

    private void Open(string connection, string passwordFile)
    {
        using var services = PostgresStore.Services(connection, passwordFile, _folder, TimeProvider.System);
        services.GetRequiredService<StoreMigrator>();
    }

    private async Task<IReadOnlyList<string>> MigrateAsync(string connection, string passwordFile, TimeProvider? time = null, Action<StoreOptions>? more = null)
    {
        await using var services = PostgresStore.Services(connection, passwordFile, _folder, time ?? TimeProvider.System, o =>
        {
            o.StartPatience = TimeSpan.Zero;
            more?.Invoke(o);
        });
        return await services.GetRequiredService<StoreMigrator>().MigrateAsync(Ct);
    }

    private Task<StoreStartException> FailsAsync(string connection, string passwordFile, TimeProvider? time = null, Action<StoreOptions>? more = null) =>
        Assert.ThrowsAsync<StoreStartException>(() => MigrateAsync(connection, passwordFile, time, more));

    private static void Says(string text, StoreStartException e)
    {
        Assert.Contains(text, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", e.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("let-me-in", e.ToString(), StringComparison.Ordinal);
    }
}
