using Slipway.Core.Pipeline.Sourcing;

namespace Core.Tests.Sourcing;

public sealed class FolderTreeTests : IDisposable
{
    private readonly string _outer = Directory.CreateTempSubdirectory("slipway-tree-").FullName;
    private readonly string _root;

    public FolderTreeTests()
    {
        _root = Directory.CreateDirectory(Path.Combine(_outer, "source")).FullName;
        Directory.CreateDirectory(Path.Combine(_root, "a/b"));
        File.WriteAllText(Path.Combine(_outer, "secret"), "secret");
        File.WriteAllText(Path.Combine(_root, "a/file"), "text");
    }

    public void Dispose() => Directory.Delete(_outer, recursive: true);

    [Theory]
    [InlineData("../secret")]
    [InlineData("a/../../secret")]
    [InlineData("a/b/up/../secret")]
    public void A_link_that_leads_outside_shows_nothing(string target)
    {
        File.CreateSymbolicLink(Path.Combine(_root, "a/b/up"), "../..");
        File.CreateSymbolicLink(Path.Combine(_root, "link"), target);
        File.CreateSymbolicLink(Path.Combine(_root, "absolute"), Path.Combine(_outer, "secret"));
        var tree = new FolderTree(_root);
        foreach (var path in new[] { "link", "absolute", target, "a/b/up/../secret" })
        {
            Assert.False(tree.FileExists(path));
            Assert.Null(tree.ReadText(path));
        }

        Assert.Empty(tree.List("a/b/up/.."));
    }

    [Fact]
    public void A_link_inside_is_followed_and_a_circle_is_nothing()
    {
        File.CreateSymbolicLink(Path.Combine(_root, "to-file"), "a/b/../file");
        File.CreateSymbolicLink(Path.Combine(_root, "to-folder"), "./a");
        File.CreateSymbolicLink(Path.Combine(_root, "circle"), "circle");
        var tree = new FolderTree(_root + "/");
        Assert.Equal("text", tree.ReadText("to-file"));
        Assert.Equal("text", tree.ReadText("to-folder/file"));
        Assert.Equal(["b/", "file"], tree.List("to-folder"));
        Assert.False(tree.FileExists("circle"));
        Assert.True(tree.DirectoryExists(""));
    }
}
