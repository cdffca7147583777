using System.Text.Json;
using Slipway.Core.Storage;
using Slipway.Server.Hosting;
using Slipway.Store;

namespace Slipway.Server.Roles;

/// <summary>One thing done to the database as a whole, then the end: <c>--roles store --do migrate|backup|restore|move</c>. The CLI starts it and reads its one JSON document.</summary>
internal static class StoreRole
{
    public static async Task<int> RunAsync(HomeFolder home, string[] args)
    {
        var report = Value(args, "--do") switch
        {
            "migrate" => await MigrateAsync(home),
            "backup" => await WithAsync(home, (store, _) => store.BackupAsync(File(args), CancellationToken.None)),
            "restore" => await AloneAsync(home, (store, _) => store.RestoreAsync(File(args), args.Contains("--force"), CancellationToken.None)),
            "move" => await AloneAsync(home, (store, settings) => MoveAsync(home, store, settings, args)),
            var other => throw new SettingsException($"--do is '{other}'; there are: migrate, backup, restore, move"),
        };
        Console.WriteLine(JsonSerializer.Serialize(report, JsonSerializerOptions.Web));
        return 0;
    }

    private static Task<StoreReport> MigrateAsync(HomeFolder home) => WithStoreAsync(home, async (services, _) =>
        new StoreReport(services.GetRequiredService<StoreTransfer>().Where, null, await services.GetRequiredService<StoreMigrator>().MigrateAsync(CancellationToken.None), []));

    private static async Task<StoreReport> MoveAsync(HomeFolder home, StoreTransfer from, IConfiguration settings, string[] args)
    {
        await using var target = Services(home, settings, o =>
            (o.Database, o.ConnectionString, o.PasswordFile) = (StoreOptions.Postgres, Value(args, "--connection") ?? "", Value(args, "--password-file") ?? ""));
        return await from.MoveAsync(target.GetRequiredService<StoreTransfer>(), args.Contains("--force"), CancellationToken.None);
    }

    /// <summary>While this lasts no server starts on the home, and none runs.</summary>
    private static async Task<StoreReport> AloneAsync(HomeFolder home, Func<StoreTransfer, IConfiguration, Task<StoreReport>> work)
    {
        using var only = HomeLock.Take(home, "server");
        return await WithAsync(home, work);
    }

    private static Task<StoreReport> WithAsync(HomeFolder home, Func<StoreTransfer, IConfiguration, Task<StoreReport>> work) =>
        WithStoreAsync(home, (services, settings) => work(services.GetRequiredService<StoreTransfer>(), settings));

    public static async Task<StoreReport> WithStoreAsync(HomeFolder home, Func<IServiceProvider, IConfiguration, Task<StoreReport>> work)
    {
        var settings = HomeSettings.Load(home.Paths);
        await using var services = Services(home, settings);
        return await work(services, settings);
    }

    private static ServiceProvider Services(HomeFolder home, IConfiguration settings, Action<StoreOptions>? more = null) =>
        new ServiceCollection().AddSingleton(TimeProvider.System).AddHomeStore(settings, home, o =>
        {
            o.IsTool = true;
            more?.Invoke(o);
        }).BuildServiceProvider();

    private static string File(string[] args) => Value(args, "--file") ?? throw new SettingsException("--file is missing");

    private static string? Value(string[] args, string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;
}
