using Slipway.Core.Pipeline.Sourcing;

namespace Slipway.Testing;

/// <summary>A source in memory: <c>new MemoryTree { ["package.json"] = "{}" }</c>.</summary>
public sealed class MemoryTree : ISourceTree
{
    private const int MaxBytes = 8 << 20;
    private readonly SortedDictionary<string, string> _files = new(StringComparer.Ordinal);

    public string this[string path]
    {
        get => _files[path];
        set => _files[path] = value;
    }

    public bool FileExists(string path) => _files.ContainsKey(path);

    public bool DirectoryExists(string path) => path.Length == 0 || _files.Keys.Any(f => f.StartsWith(path + "/", StringComparison.Ordinal));

    public string? ReadText(string path) => _files.TryGetValue(path, out var text) && text.Length <= MaxBytes ? text : null;

    public IReadOnlyList<string> List(string path)
    {
        var prefix = path.Length == 0 ? "" : path + "/";
        return [.. _files.Keys.Where(f => f.StartsWith(prefix, StringComparison.Ordinal)).Select(f => f[prefix.Length..])
            .Select(f => f.IndexOf('/', StringComparison.Ordinal) is >= 0 and var slash ? f[..(slash + 1)] : f)
            .Distinct().Order(StringComparer.Ordinal)];
    }
}
