using Microsoft.Extensions.Time.Testing;
using Slipway.Core;
using Slipway.Server.Hosting;
using Slipway.Server.Roles;

namespace Server.Tests;

public sealed class BackupRoleTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("slipway-backups-").FullName;
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 26, 12, 0, 0, TimeSpan.Zero));

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task The_newest_is_never_too_old_and_the_last_few_stay()
    {
        var home = HomeFolder.Open(new SlipwayHome(Path.Combine(_root, "home")));
        var folder = Directory.CreateDirectory(Path.Combine(_root, "backups")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "slipway-mine.db"), "none of ours", TestContext.Current.CancellationToken);
        var options = new BackupOptions { Folder = folder, Every = TimeSpan.FromHours(6), Keep = 2 };

        Assert.Equal(TimeSpan.FromHours(6), await Once());
        _clock.Advance(TimeSpan.FromHours(2));
        // A restart does not take another.
        Assert.Equal(TimeSpan.FromHours(4), await Once());
        for (var i = 0; i < 2; i++)
        {
            _clock.Advance(TimeSpan.FromHours(6));
            Assert.Equal(TimeSpan.FromHours(6), await Once());
        }

        Assert.Equal(["slipway-20261126-200000.db", "slipway-20261127-020000.db", "slipway-mine.db"], Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order());
        Task<TimeSpan> Once() => BackupRole.OnceAsync(home, options, _clock, TestContext.Current.CancellationToken);
    }
}
