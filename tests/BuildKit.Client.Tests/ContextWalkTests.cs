using BuildKit.Client.Files;

namespace BuildKit.Client.Tests;

public sealed class ContextWalkTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("bkwalk").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Siblings_come_by_the_bytes_of_their_names_and_parents_first()
    {
        Make("a.txt", "a-b", "a/x", "\uE000", "😀", "Z");
        Assert.Equal(["Z", "a", "a/x", "a-b", "a.txt", "\uE000", "😀"], Paths([], []));
    }

    [Fact]
    public void An_excluded_folder_is_sent_when_a_child_is_kept()
    {
        Make("logs/a.log", "logs/keep/b.log", "src/c.cs");
        Assert.Equal(["logs", "logs/keep", "logs/keep/b.log", "src", "src/c.cs"], Paths([], ["logs", "!logs/keep"]));
    }

    [Fact]
    public void Include_patterns_narrow_the_walk()
    {
        Make("Dockerfile", "node_modules/a/index.js", "src/deep/one.cs", "src/two.cs");
        Assert.Equal(["Dockerfile"], Paths(["Dockerfile"], []));
        Assert.Equal(["src", "src/deep", "src/deep/one.cs"], Paths(["src/deep/*.cs"], []));
    }

    [Fact]
    public void Followed_paths_bring_the_links_and_where_they_lead()
    {
        Make("real/file.txt", "other.txt");
        File.CreateSymbolicLink(Path.Combine(_root, "link"), "real");
        var found = LinkFollower.Follow(new DirectoryContext(_root), ["link/file.txt", "*.txt"]);
        Assert.Equal(["link", "other.txt", "real/file.txt"], found);
        Assert.Null(LinkFollower.Follow(new DirectoryContext(_root), ["."]));
    }

    private string[] Paths(string[] include, string[] exclude) => [.. new ContextWalk(new DirectoryContext(_root), include, exclude).Entries().Select(e => e.Path)];

    private void Make(params string[] paths)
    {
        foreach (var path in paths)
        {
            var full = Path.Combine(_root, path);
            Directory.CreateDirectory(Path.GetDirectoryName(full) ?? _root);
            File.WriteAllText(full, path);
        }
    }
}
