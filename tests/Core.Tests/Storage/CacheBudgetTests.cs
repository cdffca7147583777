using Slipway.Core.Storage;

namespace Core.Tests.Storage;

public class CacheBudgetTests
{
    [Theory]
    [InlineData(100, 50, 0, 1000, 40)] // all is well: its own limit
    [InlineData(100, 50, 120, 1000, 10)] // 10 + 100 + 50 of 120: 40 too many
    [InlineData(100, 50, 0, 15, 40)] // 15 free of 20: 5 too few, 45 would do, but the limit is lower
    [InlineData(100, 30, 0, 5, 15)] // 15 too few
    [InlineData(100, 10, 0, 0, 0)] // more is missing than there is
    [InlineData(200, 10, 120, 1000, 0)]
    public void Keep_is_the_limit_less_what_the_disk_lacks(int images, int cache, int max, int free, int expected)
    {
        var options = new StorageOptions { CacheMegabytes = 40, MaxUsedMegabytes = max, MinFreeMegabytes = 20 };
        Assert.Equal((long)expected << 20, CacheBudget.Keep(new DiskUsage(10L << 20, (long)images << 20, (long)cache << 20, (long)free << 20), options));
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(40, null)]
    [InlineData(39, "Slipway uses 40 MiB of the disk (images 20 MiB, build cache 10 MiB, home 10 MiB), and may use 39 MiB")]
    public void No_build_begins_above_the_budget(int max, string? expected)
    {
        var used = new DiskUsage(10L << 20, 20L << 20, 10L << 20, null);
        Assert.Equal(expected, CacheBudget.Exceeded(used, new StorageOptions { MaxUsedMegabytes = max })?.Message);
    }

    [Fact]
    public void Free_space_that_cannot_be_seen_is_not_guessed() =>
        Assert.Equal(40L << 20, CacheBudget.Keep(new DiskUsage(0, 0, 99L << 20, null), new StorageOptions { CacheMegabytes = 40 }));
}
