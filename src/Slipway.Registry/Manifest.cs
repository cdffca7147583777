using System.Security.Cryptography;
using System.Text.Json;

namespace Slipway.Registry;

/// <summary>What a registry says of an image.</summary>
/// <param name="Digest">Its content address.</param>
/// <param name="Config">Digest of its configuration; null for a list of several platforms' images.</param>
/// <param name="Children">Digests of those images, for machines only; those without a platform (attestations) left out.</param>
internal sealed record Manifest(string Digest, string? Config, IReadOnlyList<string> Children)
{
    /// <summary>Image manifests of both makes, and lists of them.</summary>
    public static readonly string[] Types =
    [
        "application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json",
        "application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json",
    ];

    /// <summary>The digest is computed, not believed.</summary>
    public static Manifest Read(byte[] body)
    {
        using var json = JsonDocument.Parse(body);
        var digest = $"sha256:{Convert.ToHexStringLower(SHA256.HashData(body))}";
        var root = json.RootElement;
        var config = root.TryGetProperty("config", out var found) ? found.GetProperty("digest").GetString() : null;
        return new(digest, config, root.TryGetProperty("manifests", out var list) ? [.. list.EnumerateArray().Where(IsForMachines).Select(child => child.GetProperty("digest").GetString() ?? "")] : []);
    }

    private static bool IsForMachines(JsonElement child) =>
        !child.TryGetProperty("platform", out var platform) || !platform.TryGetProperty("os", out var os) || os.GetString() != "unknown";
}
