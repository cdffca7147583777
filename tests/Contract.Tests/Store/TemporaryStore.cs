using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Slipway.Testing.Contracts;

namespace Contract.Tests.Store;

/// <summary>A real store, with its folder at hand for what only files can show.</summary>
internal sealed class TemporaryStore : IAsyncDisposable
{
    private TemporaryStore(string folder, FakeTimeProvider time, ServiceProvider services) => (Folder, Time, Services) = (folder, time, services);

    public string Folder { get; }

    public FakeTimeProvider Time { get; }

    public ServiceProvider Services { get; }

    public StoreParts Parts => SqliteStore.PartsOf(Services, () => ValueTask.CompletedTask);

    public static async Task<TemporaryStore> StartAsync()
    {
        var folder = NewFolder();
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        return new TemporaryStore(folder, time, await SqliteStore.OpenAsync(folder, time));
    }

    public static string NewFolder() => Directory.CreateTempSubdirectory("slipway-store-").FullName;

    /// <summary>The files as a killed process leaves them: the last commits only in the write-ahead log.</summary>
    public string CopyWhileOpen()
    {
        var copy = NewFolder();
        foreach (var file in Directory.GetFiles(Folder, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy, Path.GetRelativePath(Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target) ?? copy);
            File.Copy(file, target);
        }

        return copy;
    }

    public async ValueTask DisposeAsync()
    {
        await Services.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(Folder, recursive: true);
    }
}
