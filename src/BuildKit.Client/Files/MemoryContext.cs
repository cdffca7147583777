using System.Text;

namespace BuildKit.Client;

/// <summary>A flat folder of files in memory, for a Dockerfile that is on no disk.</summary>
public sealed class MemoryContext(IReadOnlyDictionary<string, byte[]> files) : IContextSource
{
    /// <summary>A Dockerfile and, when given, the ignore file that goes with it.</summary>
    public static MemoryContext Dockerfile(string text, string? ignore = null)
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal) { ["Dockerfile"] = Encoding.UTF8.GetBytes(text) };
        if (ignore is not null) files["Dockerfile.dockerignore"] = Encoding.UTF8.GetBytes(ignore);
        return new MemoryContext(files);
    }

    /// <inheritdoc/>
    public IReadOnlyList<ContextEntry> List(string directory) => directory.Length > 0 ? [] : [.. files.Select(f => Entry(f.Key, f.Value))];

    /// <inheritdoc/>
    public ContextEntry? Find(string path) => files.TryGetValue(path, out var bytes) ? Entry(path, bytes) : null;

    /// <inheritdoc/>
    public Stream Open(string path) => new MemoryStream(files[path], writable: false);

    // The daemon takes a file of equal path, size, mode and time for unchanged, so the content makes the time.
    private static ContextEntry Entry(string path, byte[] bytes) =>
        new(path, 0b110_100_100, bytes.Length, BitConverter.ToUInt32(System.Security.Cryptography.SHA256.HashData(bytes)) % 1_000_000_000, "");
}
