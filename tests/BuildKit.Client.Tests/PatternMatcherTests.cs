using BuildKit.Client.Files;

namespace BuildKit.Client.Tests;

public class PatternMatcherTests
{
    [Theory]
    [InlineData("node_modules", "node_modules/a/b.js", true)]
    [InlineData("*.log", "a.log", true)]
    [InlineData("*.log", "sub/a.log", false)]
    [InlineData("**/*.log", "sub/deep/a.log", true)]
    [InlineData("**/*.log", "a.log", true)]
    [InlineData("/dist/", "dist/x", true)]
    [InlineData("a/**", "a/b/c", true)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a?c", "a/c", false)]
    [InlineData("[ab].txt", "b.txt", true)]
    [InlineData("file+(1).txt", "file+(1).txt", true)]
    [InlineData("[a", "[a", true)]
    [InlineData("**.log", "a.log", true)]
    [InlineData("**.log", "sub/a.log", true)]
    [InlineData("**.log", "a.log.txt", false)]
    [InlineData("[a\\-z]", "m", false)]
    [InlineData("[a\\-z]", "-", true)]
    [InlineData("\\[id\\].tsx", "[id].tsx", true)]
    [InlineData("[id].tsx", "[id].tsx", false)]
    public void A_pattern_matches_as_mobys_does(string pattern, string path, bool expected) => Assert.Equal(expected, IsMatch([pattern], path));

    [Fact]
    public void The_last_pattern_that_matches_decides()
    {
        string[] patterns = ["**/*.md", "!README.md", "docs"];
        Assert.True(IsMatch(patterns, "a/CHANGES.md"));
        Assert.False(IsMatch(patterns, "README.md"));
        Assert.True(IsMatch(patterns, "docs/README.md"));
    }

    [Fact]
    public void A_child_may_be_taken_back_from_a_matched_folder()
    {
        string[] patterns = ["build", "!build/keep"];
        Assert.True(IsMatch(patterns, "build/x"));
        Assert.False(IsMatch(patterns, "build/keep/y"));
    }

    private static bool IsMatch(string[] patterns, string path)
    {
        var matcher = new PatternMatcher(patterns);
        bool[]? parent = null;
        var matched = false;
        var at = "";
        foreach (var part in path.Split('/'))
        {
            at = at.Length == 0 ? part : $"{at}/{part}";
            (matched, parent) = matcher.Match(at, parent);
        }

        return matched;
    }
}
