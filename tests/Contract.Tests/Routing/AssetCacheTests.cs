using Slipway.Core;
using Slipway.Edge.Caching;

namespace Contract.Tests.Routing;

/// <summary>The room of the cache, and what a fingerprint is.</summary>
public sealed class AssetCacheTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly DeploymentId _shop = StrongId.New<DeploymentId>(TimeProvider.System);

    [Fact]
    public void The_longest_unused_goes_first_and_the_room_is_kept()
    {
        var cache = new AssetCache(100_000);
        for (var i = 0; i < 9; i++) cache.Keep(Of($"/{i}", 10_000));
        Assert.True(cache.TryFind(Key("/0"), Now, out _));
        cache.Keep(Of("/9", 10_000));

        Assert.True(cache.Bytes is > 80_000 and <= 100_000, $"{cache.Bytes} bytes");
        Assert.Equal((true, false, true), (cache.TryFind(Key("/0"), Now, out _), cache.TryFind(Key("/1"), Now, out _), cache.TryFind(Key("/9"), Now, out _)));
        cache.Keep(Of("/large", 13_000));
        Assert.False(cache.TryFind(Key("/large"), Now, out _));
    }

    [Fact]
    public void The_same_again_takes_the_others_place_and_what_is_over_gives_its_room_back()
    {
        var cache = new AssetCache(100_000);
        cache.Keep(Of("/a", 1000));
        var once = cache.Bytes;
        cache.Keep(Of("/a", 1000));
        Assert.Equal(once, cache.Bytes);
        Assert.False(cache.TryFind(Key("/a"), Now.AddHours(1), out _));
        Assert.Equal(0, cache.Bytes);
    }

    [Fact]
    public async Task Answers_under_way_are_copied_as_far_as_there_is_room_and_all_pass_whole()
    {
        var cache = new AssetCache(8000);
        var all = Enumerable.Range(0, 9).Select(_ => new MemoryStream()).Select(to => (To: to, Capture: new CaptureStream(to, cache))).ToList();
        foreach (var (_, capture) in all) await capture.WriteAsync(new byte[1000], TestContext.Current.CancellationToken);

        Assert.Equal(8, all.Count(c => c.Capture.Copy is { Length: 1000 }));
        Assert.All(all, c => Assert.Equal(1000, c.To.Length));
        Assert.False(cache.TryTake(1));
        foreach (var (_, capture) in all) capture.Drop();
        Assert.True(cache.TryTake(8000));
    }

    [Theory]
    [InlineData("/_next/static/chunks/main-0123456789abcdef.js", true)]
    [InlineData("/assets/index-DiwrgTda.js", true)]
    [InlineData("/assets/logo.3f9c21d4.svg", true)]
    [InlineData("/assets/javascript.js", false)]
    [InlineData("/deadbeefdeadbeef1/index.html", false)]
    [InlineData("/photo-20260301.jpg", false)]
    [InlineData("/", false)]
    public void A_fingerprint_is_a_digest_in_the_files_name(string path, bool isOne) => Assert.Equal(isOne, AssetRule.HasFingerprint(path));

    private AssetKey Key(string target) => new(_shop, "app.localhost", target, Encodings.None);

    private Asset Of(string target, int size) => new(Key(target), [], new byte[size], Now, Now.AddHours(1));
}
