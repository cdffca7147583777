namespace Slipway.Core.Pipeline.Sourcing;

/// <summary>What the planner may see of a source: names and small texts. Paths are relative with '/', "" is the root.</summary>
public interface ISourceTree
{
    bool FileExists(string path);

    bool DirectoryExists(string path);

    /// <summary>The text, or null when it is missing, leaves the tree by a symlink, or is larger than 8 MiB: lockfiles are long.</summary>
    string? ReadText(string path);

    /// <summary>Names (not paths) directly below a folder, sorted by ordinal; folders end in '/'. Empty when missing.</summary>
    IReadOnlyList<string> List(string path);
}

/// <summary>The tree of a folder on disk; the one place where Core reads files (ADR 1), so that <c>plan</c> works without a server.</summary>
public sealed class FolderTree(string root) : ISourceTree
{
    private const int MaxBytes = 8 << 20;
    private readonly string _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));

    public bool FileExists(string path) => Resolve(path) is { } full && File.Exists(full);

    public bool DirectoryExists(string path) => Resolve(path) is { } full && Directory.Exists(full);

    public string? ReadText(string path) =>
        Resolve(path) is { } full && File.Exists(full) && new FileInfo(full).Length <= MaxBytes ? File.ReadAllText(full) : null;

    public IReadOnlyList<string> List(string path)
    {
        if (Resolve(path) is not { } full || !Directory.Exists(full)) return [];
        var names = new DirectoryInfo(full).EnumerateFileSystemInfos()
            .Select(e => (e.Attributes & FileAttributes.Directory) != 0 ? e.Name + "/" : e.Name).ToList();
        names.Sort(StringComparer.Ordinal);
        return names;
    }

    /// <summary>Null when the path, followed through its symlinks, is outside.</summary>
    private string? Resolve(string path) => RootedPath.Follow(_root, path);
}
