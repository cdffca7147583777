using Slipway.Core.Pipeline.Routing;

namespace Core.Tests.Routing;

public class BranchHostTests
{
    [Theory]
    [InlineData("main", "shop-git-main")]
    [InlineData("fix-1", "shop-git-fix-1")]
    [InlineData("1.2", "shop-git-1-2-??????")]
    [InlineData("Main", "shop-git-main-??????")]
    [InlineData("feature/cart", "shop-git-feature-cart-??????")]
    [InlineData("dependabot/npm_and_yarn/next-15", "shop-git-dependabot-npm-and-yarn-next-15-??????")]
    [InlineData("-x-", "shop-git-x-??????")]
    [InlineData("a--b", "shop-git-a--b")]
    [InlineData("日本語", "shop-git-??????")]
    [InlineData("ünder", "shop-git-nder-??????")]
    [InlineData("💥boom", "shop-git-boom-??????")]
    [InlineData("git-x", "shop-git-git-x-??????")]
    [InlineData("...", "shop-git-??????")]
    public void A_branch_has_a_label_that_can_be_a_host(string branch, string expected)
    {
        var label = BranchHost.LabelOf("shop", branch);
        Assert.Equal(expected, expected.EndsWith('?') ? string.Concat(label.AsSpan(0, label.Length - 6), "??????") : label);
        Assert.True(HostName.TryNormalize(label, out var normal) && normal == label, label);
    }

    [Fact]
    public void Long_ones_are_cut_and_stay_apart()
    {
        var (one, two) = (BranchHost.LabelOf("shop", new string('x', 80) + "1"), BranchHost.LabelOf("shop", new string('x', 80) + "2"));
        Assert.NotEqual(one, two);
        Assert.All([one, two], label => Assert.Equal(63, label.Length));
        Assert.Equal("shop-git-" + new string('x', 54), BranchHost.LabelOf("shop", new string('x', 54)));
        var longest = BranchHost.LabelOf(new string('p', 48), "feature/cart");
        Assert.True(longest.Length <= 63 && longest.StartsWith(new string('p', 48) + "-git-fea", StringComparison.Ordinal), longest);
    }

    [Fact]
    public void It_is_the_same_every_time_and_what_looks_alike_is_apart()
    {
        Assert.Equal("shop-git-feature-cart-" + BranchHost.LabelOf("shop", "feature/cart")[^6..], BranchHost.LabelOf("shop", "feature/cart"));
        string[] alike = ["feature/cart", "feature-cart", "feature_cart", "Feature/cart", "feature.cart", "feature cart"];
        Assert.Equal(alike.Length, alike.Select(branch => BranchHost.LabelOf("shop", branch)).Distinct().Count());
        Assert.NotEqual(BranchHost.LabelOf("shop-git", "x"), BranchHost.LabelOf("shop", "git-x"));
    }

    [Fact]
    public void Whatever_the_branch_the_label_can_be_a_host()
    {
        var random = new Random(17);
        for (var round = 0; round < 2000; round++)
        {
            var branch = new string([.. Enumerable.Range(0, random.Next(1, 90)).Select(_ => (char)random.Next(33, random.Next(2) == 0 ? 127 : 0x3000))]);
            var label = BranchHost.LabelOf(new string('a', random.Next(1, 49)), branch);
            Assert.True(label.Length <= 63 && HostName.TryNormalize(label, out var normal) && normal == label, $"{branch} → {label}");
            Assert.Contains("-git-", label, StringComparison.Ordinal);
        }
    }
}
