using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Core.Projects;
using Slipway.Core.Tenancy;
using Slipway.Store;
using Slipway.Store.Database;
using Slipway.Store.Encryption;
using Slipway.Testing;

namespace Contract.Tests.Store;

public sealed class EncryptionTests
{
    private const string Marker = "hush-4711-hush";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_secret_is_readable_in_the_files()
    {
        await using var temporary = await TemporaryStore.StartAsync();
        using var scope = TeamScope.EnterSystem();
        var project = StoreSamples.Project(temporary.Time) with { CacheKey = new Secret(Marker + 1), WebhookSecret = new Secret(Marker + 2), Origin = "plain-4711" };
        await temporary.Parts.Projects.CreateAsync(project, Ct);
        await temporary.Parts.Projects.EnvironmentAsync(project.Id, _ => [new("KEY", new Secret(Marker + 3), EnvironmentTarget.Both, EnvironmentPhase.Both, false)], Ct);
        await temporary.Parts.Deployments.CreateAsync(
            StoreSamples.Deployment(temporary.Time, project) with { Environment = new Dictionary<string, string> { ["KEY"] = Marker + 4 } }, Ct);

        var copy = temporary.CopyWhileOpen();
        var all = string.Concat(Directory.GetFiles(copy).Select(file => Encoding.Latin1.GetString(File.ReadAllBytes(file))));
        Directory.Delete(copy, recursive: true);
        Assert.Contains("plain-4711", all, StringComparison.Ordinal);
        Assert.DoesNotContain(Marker, all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_value_copied_to_another_row_does_not_open_and_the_error_shows_nothing()
    {
        await using var temporary = await TemporaryStore.StartAsync();
        using var scope = TeamScope.EnterSystem();
        var (ours, theirs) = (StoreSamples.Project(temporary.Time), StoreSamples.Project(temporary.Time));
        foreach (var project in new[] { ours, theirs })
        {
            await temporary.Parts.Projects.CreateAsync(project, Ct);
            await temporary.Parts.Projects.EnvironmentAsync(project.Id, _ => [new("KEY", new Secret(Marker), EnvironmentTarget.Both, EnvironmentPhase.Both, true)], Ct);
        }

        await using (var db = temporary.Services.GetRequiredService<IDbContextFactory<SlipwayDb>>().CreateDbContext())
        {
            await db.Database.ExecuteSqlAsync($"UPDATE environment_variables SET value = (SELECT value FROM environment_variables WHERE project_id = {theirs.Id.ToString()}) WHERE project_id = {ours.Id.ToString()}", Ct);
        }

        var e = await Assert.ThrowsAsync<CryptographicException>(() => temporary.Parts.Projects.EnvironmentAsync(ours.Id, null, Ct));
        Assert.Contains("KEY", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Marker, e.ToString(), StringComparison.Ordinal);
        Assert.Single(await temporary.Parts.Projects.EnvironmentAsync(theirs.Id, null, Ct));
    }

    [Fact]
    public async Task The_key_file_is_made_once_for_its_owner_only()
    {
        await using var temporary = await TemporaryStore.StartAsync();
        var path = SqliteStore.KeyIn(temporary.Folder);
        var key = await File.ReadAllBytesAsync(path, Ct);
        Assert.Equal(32, key.Length);
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(path));
        await using (await SqliteStore.OpenAsync(temporary.Folder, temporary.Time)) { }
        Assert.Equal(key, await File.ReadAllBytesAsync(path, Ct));
        Assert.Equal([path], Directory.GetFiles(Path.Combine(temporary.Folder, "keys")));
    }

    [Fact]
    public async Task Racing_first_starts_agree_on_one_key()
    {
        var folder = TemporaryStore.NewFolder();
        await using var temporary = await TemporaryStore.StartAsync();
        var opened = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => SqliteStore.OpenAsync(folder, temporary.Time))));
        var sealedByFirst = opened[0].GetRequiredService<MasterKey>().Seal("x", "row");
        Assert.All(opened, services => Assert.Equal("x", services.GetRequiredService<MasterKey>().Open(sealedByFirst, "row")));
        foreach (var services in opened) await services.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_key_file_open_to_others_is_closed_again()
    {
        await using var temporary = await TemporaryStore.StartAsync();
        File.SetUnixFileMode(SqliteStore.KeyIn(temporary.Folder), OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        await using (await SqliteStore.OpenAsync(temporary.Folder, temporary.Time)) { }
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(SqliteStore.KeyIn(temporary.Folder)));
    }

    [Fact]
    public async Task A_lost_key_is_told_and_not_replaced()
    {
        await using var temporary = await TemporaryStore.StartAsync();
        using var scope = TeamScope.EnterSystem();
        await temporary.Parts.Projects.CreateAsync(StoreSamples.Project(temporary.Time), Ct);
        File.Delete(SqliteStore.KeyIn(temporary.Folder));
        var e = await Assert.ThrowsAsync<StoreStartException>(() => SqliteStore.OpenAsync(temporary.Folder, temporary.Time));
        Assert.Contains("master.key is missing", e.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(SqliteStore.KeyIn(temporary.Folder)));
    }

    [Fact]
    public async Task A_key_of_the_wrong_length_or_another_key_is_told()
    {
        var folder = TemporaryStore.NewFolder();
        var path = Path.Combine(folder, "master.key");
        await File.WriteAllBytesAsync(path, new byte[31], Ct);
        var e = Assert.Throws<StoreStartException>(() => KeyOf(path).Prepare(isInUse: true));
        Assert.Contains("31 bytes", e.Message, StringComparison.Ordinal);

        await File.WriteAllBytesAsync(path, new byte[32], Ct);
        var sealedValue = KeyOf(path).Seal(Marker, "row");
        await File.WriteAllBytesAsync(path, [.. Enumerable.Repeat((byte)1, 32)], Ct);
        var wrong = Assert.Throws<CryptographicException>(() => KeyOf(path).Open(sealedValue, "row"));
        Assert.Contains("put that key back", wrong.Message, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Sealing_twice_gives_two_texts_and_damage_is_noticed()
    {
        var folder = TemporaryStore.NewFolder();
        var key = KeyOf(Path.Combine(folder, "master.key"));
        key.Prepare(isInUse: false);
        var (first, second) = (key.Seal("ümlaut\n", "row"), key.Seal("ümlaut\n", "row"));
        Assert.NotEqual(first, second);
        Assert.Equal("ümlaut\n", key.Open(second, "row"));
        for (var i = 0; i < first.Length; i++)
        {
            first[i] ^= 1;
            Assert.ThrowsAny<CryptographicException>(() => key.Open(first, "row"));
            first[i] ^= 1;
        }

        Assert.ThrowsAny<CryptographicException>(() => key.Open([], "row"));
        Directory.Delete(folder, recursive: true);
    }

    private static MasterKey KeyOf(string path) => new(Options.Create(new StoreOptions { MasterKeyFile = path }), NullLogger<MasterKey>.Instance);
}
