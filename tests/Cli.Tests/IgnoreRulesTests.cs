using Slipway.Cli.Sources;

namespace Slipway.Cli.Tests;

public sealed class IgnoreRulesTests
{
    [Theory]
    [InlineData("*.log", "a.log", true)]
    [InlineData("*.log", "deep/er/a.log", true)]
    [InlineData("*.log", "a.log.txt", false)]
    [InlineData("/a", "a", true)]
    [InlineData("/a", "b/a", false)]
    [InlineData("a/b", "a/b", true)]
    [InlineData("a/b", "x/a/b", false)]
    [InlineData("dist/", "dist", false)]
    [InlineData("dist/", "dist/", true)]
    [InlineData("dist/", "packages/dist/", true)]
    [InlineData("/dist/", "packages/dist/", false)]
    [InlineData("**/cache", "cache", true)]
    [InlineData("**/cache", "a/b/cache", true)]
    [InlineData("logs/**", "logs/a/b", true)]
    [InlineData("logs/**", "logs/", false)]
    [InlineData("a/**/z", "a/z", true)]
    [InlineData("a/**/z", "a/b/c/z", true)]
    [InlineData("a**z", "abcz", true)]
    [InlineData("a*/z", "abc/d/z", false)]
    [InlineData("?.txt", "a.txt", true)]
    [InlineData("?.txt", "ab.txt", false)]
    [InlineData("[a-c].txt", "b.txt", true)]
    [InlineData("[!a-c].txt", "b.txt", false)]
    [InlineData("[[:digit:]]", "7", true)]
    [InlineData("[]]", "]", true)]
    [InlineData("[a", "[a", false)]
    [InlineData("\\#x", "#x", true)]
    [InlineData("#x", "#x", false)]
    [InlineData("\\!x", "!x", true)]
    [InlineData("a\\*", "a*", true)]
    [InlineData("a\\*", "ab", false)]
    [InlineData("x  ", "x", true)]
    [InlineData("x\\ ", "x ", true)]
    [InlineData("x\r", "x", true)]
    [InlineData("", "x", false)]
    [InlineData("/", "x/", false)]
    [InlineData("*", "x", true)]
    [InlineData("A", "a", false)]
    public void One_line(string pattern, string path, bool isIgnored) =>
        Assert.Equal(isIgnored, Rules((".gitignore", "", pattern)).IsIgnored(path.TrimEnd('/'), path.EndsWith('/')));

    [Fact]
    public void The_last_matching_line_decides()
    {
        var rules = Rules((".gitignore", "", "*.env\n!example.env\n"));
        Assert.True(rules.IsIgnored("prod.env", false));
        Assert.False(rules.IsIgnored("example.env", false));
    }

    [Fact]
    public void A_nearer_file_decides_over_one_above()
    {
        var rules = Rules((".gitignore", "", "*.txt"), (".gitignore", "docs", "!*.txt\n/only.txt"));
        Assert.True(rules.IsIgnored("a.txt", false));
        Assert.False(rules.IsIgnored("docs/a.txt", false));
        Assert.True(rules.IsIgnored("docs/only.txt", false));
        Assert.False(rules.IsIgnored("docs/sub/only.txt", false));
    }

    [Fact]
    public void Our_own_file_brings_back_what_git_leaves_out()
    {
        var rules = Rules((".gitignore", "", "dist/"), (".slipwayignore", "", "!dist/\nsecret.key"));
        Assert.False(rules.IsIgnored("dist", true));
        Assert.True(rules.IsIgnored("secret.key", false));
    }

    [Theory]
    [InlineData(".git", true)]
    [InlineData("sub/.git", false)]
    [InlineData("node_modules", true)]
    [InlineData("packages/web/node_modules", true)]
    public void Some_names_never_go(string path, bool isFolder) =>
        Assert.True(Rules((".slipwayignore", "", "!.git\n!node_modules\n!**/node_modules")).IsIgnored(path, isFolder));

    [Fact]
    public void A_file_above_the_root_counts_from_its_own_folder()
    {
        var rules = new IgnoreRules();
        rules.AddAbove("apps/web", "/apps/web/local\n/local\n*.tmp");
        Assert.True(rules.IsIgnored("local", false));
        Assert.True(rules.IsIgnored("a/b.tmp", false));
        Assert.False(rules.IsIgnored("sub/local", false));
    }

    [Fact]
    public void A_pattern_of_many_stars_ends_soon() =>
        Assert.False(Rules((".gitignore", "", string.Concat(Enumerable.Repeat("a*", 40)) + "b")).IsIgnored(new string('a', 200), false));

    private static IgnoreRules Rules(params (string File, string Folder, string Text)[] files)
    {
        var rules = new IgnoreRules();
        foreach (var (file, folder, text) in files) rules.Add(folder, file, text);
        return rules;
    }
}
