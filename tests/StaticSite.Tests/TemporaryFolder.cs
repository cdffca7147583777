namespace StaticSite.Tests;

/// <summary>A root with files in it, and room outside the root for what must not be served.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _outer = Directory.CreateTempSubdirectory("slipway-static-");

    public TemporaryFolder(params string[] files)
    {
        Root = _outer.CreateSubdirectory("site").FullName;
        foreach (var file in files) Write(file, $"content of {file}");
    }

    public string Root { get; }

    public string Outside(string name) => Path.Combine(_outer.FullName, name);

    public TemporaryFolder Write(string file, string content)
    {
        var path = Path.Combine(Root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path) ?? Root);
        File.WriteAllText(path, content);
        return this;
    }

    public TemporaryFolder Link(string file, string target)
    {
        File.CreateSymbolicLink(Path.Combine(Root, file), target);
        return this;
    }

    public void Dispose() => _outer.Delete(recursive: true);
}
