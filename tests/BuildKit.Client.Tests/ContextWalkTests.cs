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
        Assert.Equal(["*.txt", "link", "real/file.txt"], found);
        Assert.Null(LinkFollower.Follow(new DirectoryContext(_root), ["."]));
    }

    [Fact]
    public void A_wildcard_keeps_names_that_look_like_patterns()
    {
        Make("pages/[id].tsx", "pages/index.tsx", "target/[slug].tsx", "other.tsx");
        File.CreateSymbolicLink(Path.Combine(_root, "pages/link.tsx"), "../target/[slug].tsx");
        var include = LinkFollower.Follow(new DirectoryContext(_root), ["pages/*.tsx"]) ?? [];
        Assert.Equal(["pages", "pages/[id].tsx", "pages/index.tsx", "pages/link.tsx", "target", "target/[slug].tsx"], Paths([.. include], []));
    }

    [Fact]
    public void A_wildcard_that_finds_nothing_does_not_mean_everything()
    {
        Make("a.txt");
        Assert.Empty(Paths([.. LinkFollower.Follow(new DirectoryContext(_root), ["nothing*"]) ?? []], []));
    }

    [Fact]
    public void An_excluded_folder_is_not_walked_when_nothing_below_can_be_taken_back()
    {
        Make("node_modules/a/b.js", "src/keep/c.cs");
        var source = new ListedFolders(new DirectoryContext(_root));
        string[] paths = [.. new ContextWalk(source, [], ["node_modules", "src", "!src/keep"]).Entries().Select(e => e.Path)];
        Assert.Equal(["src", "src/keep", "src/keep/c.cs"], paths);
        Assert.DoesNotContain("node_modules", source.Listed);
    }

    [Fact]
    public async Task A_name_that_is_not_UTF8_is_refused_by_name()
    {
        Make("fine.txt");
        await ShellAsync($"touch \"$(printf '{_root}/caf\\351.txt')\"");
        Assert.Contains("not UTF-8", Assert.Throws<IOException>(() => Paths([], [])).Message, StringComparison.Ordinal);
        // .NET cannot remove it either.
        await ShellAsync($"rm {_root}/caf*");
    }

    private static async Task ShellAsync(string command)
    {
        using var shell = System.Diagnostics.Process.Start("/bin/sh", ["-c", command]);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    private sealed class ListedFolders(IContextSource inner) : IContextSource
    {
        public List<string> Listed { get; } = [];

        public IReadOnlyList<ContextEntry> List(string directory)
        {
            Listed.Add(directory);
            return inner.List(directory);
        }

        public ContextEntry? Find(string path) => inner.Find(path);

        public Stream Open(string path) => inner.Open(path);
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
