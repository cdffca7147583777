namespace Slipway.Cli.Tests;

/// <summary>A folder that goes with the test.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("slipway-cli-test-").FullName;

    public string Write(string path, string text = "x")
    {
        var full = System.IO.Path.Combine(Path, path);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(full) ?? Path);
        File.WriteAllText(full, text);
        return full;
    }

    public void Link(string path, string target) => File.CreateSymbolicLink(System.IO.Path.Combine(Path, path), target);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
