namespace Slipway.Core.Tests;

public sealed class AtomicFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-atomic-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string File => Path.Combine(_folder, "ways");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_new_one_takes_the_old_ones_place_with_its_own_mode()
    {
        await AtomicFile.WriteAsync(File, "old"u8.ToArray(), AtomicFile.Readable, Ct);
        await AtomicFile.WriteAsync(File, "new"u8.ToArray(), AtomicFile.Own, Ct);
        Assert.Equal("new", await System.IO.File.ReadAllTextAsync(File, Ct));
        Assert.Equal(AtomicFile.Own, System.IO.File.GetUnixFileMode(File));
        Assert.Equal([File], Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task A_link_in_its_place_is_replaced_and_not_followed()
    {
        var other = Path.Combine(_folder, "other");
        await System.IO.File.WriteAllTextAsync(other, "untouched", Ct);
        System.IO.File.CreateSymbolicLink(File, other);
        await AtomicFile.WriteAsync(File, "new"u8.ToArray(), AtomicFile.Own, Ct);
        Assert.Equal("untouched", await System.IO.File.ReadAllTextAsync(other, Ct));
        Assert.Equal("new", await System.IO.File.ReadAllTextAsync(File, Ct));
    }

    [Fact]
    public async Task One_that_fails_leaves_nothing_beside()
    {
        Directory.CreateDirectory(File);
        await Assert.ThrowsAnyAsync<Exception>(() => AtomicFile.WriteAsync(File, "new"u8.ToArray(), AtomicFile.Own, Ct));
        using var over = new CancellationTokenSource();
        await over.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => AtomicFile.WriteAsync(File + "2", "new"u8.ToArray(), AtomicFile.Own, over.Token));
        Assert.Empty(Directory.GetFiles(_folder));
    }
}
