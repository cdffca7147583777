using System.Security.Cryptography;
using System.Text;

namespace Slipway.Docker.BaseImages;

/// <summary>The digest of a folder's names, modes, links and contents; times do not count.</summary>
internal static class FolderDigest
{
    public static async Task<string> ComputeAsync(string folder, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos("*", SearchOption.AllDirectories).OrderBy(e => e.FullName, StringComparer.Ordinal))
        {
            var name = Path.GetRelativePath(folder, entry.FullName);
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}\0{(int)entry.UnixFileMode}\0{entry.LinkTarget}\0"));
            if (entry is not FileInfo { LinkTarget: null }) continue;

            await using var content = File.OpenRead(entry.FullName);
            hash.AppendData(await SHA256.HashDataAsync(content, ct));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
