using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;

namespace Slipway.Docker.BaseImages;

/// <summary>
/// The little of the npm registry's protocol that base images need: which versions exist, and a tarball checked against
/// the digest that the registry published for it.
/// </summary>
internal sealed class NpmRegistry(HttpClient http, Uri address, TimeProvider time)
{
    private static readonly TimeSpan MetadataTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan DownloadTimeout = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan VersionsKept = TimeSpan.FromMinutes(10);
    private static readonly MediaTypeWithQualityHeaderValue Abbreviated = new("application/vnd.npm.install-v1+json");

    private readonly ConcurrentDictionary<string, (DateTimeOffset At, IReadOnlyList<string> Versions)> _versions = new();

    public async Task<IReadOnlyList<string>> VersionsAsync(string package, CancellationToken ct)
    {
        if (_versions.TryGetValue(package, out var kept) && time.GetUtcNow() - kept.At < VersionsKept) return kept.Versions;

        using var document = await GetAsync(Escaped(package), ct);
        string[] versions = [.. document.RootElement.GetProperty("versions").EnumerateObject().Select(v => v.Name)];
        _versions[package] = (time.GetUtcNow(), versions);
        return versions;
    }

    /// <summary>Downloads into <paramref name="folder"/>; a file is there only if its digest is right.</summary>
    public async Task<string> DownloadAsync(string package, string version, string folder, CancellationToken ct)
    {
        using var document = await GetAsync($"{Escaped(package)}/{version}", ct);
        var dist = document.RootElement.GetProperty("dist");
        var expected = Sha512(dist.GetProperty("integrity").GetString(), package, version);
        var source = Here(new Uri(dist.GetProperty("tarball").GetString() ?? ""));

        var path = Path.Combine(folder, $"{package.Replace('/', '+')}-{version}.tgz");
        var actual = await Deadline.WithinAsync(DownloadTimeout, $"Downloading {package}@{version}", time, token => SaveAsync(source, path, token), ct);
        if (CryptographicOperations.FixedTimeEquals(actual, expected)) return path;

        File.Delete(path);
        throw new InvalidDataException($"{package}@{version} from {source.Host} is not what the registry's digest says.");
    }

    private async Task<byte[]> SaveAsync(Uri source, string path, CancellationToken ct)
    {
        using var response = await http.GetAsync(source, HttpCompletionOption.ResponseHeadersRead, ct);
        response.EnsureSuccessStatusCode();
        await using var body = await response.Content.ReadAsStreamAsync(ct);
        await using var file = File.Create(path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);

        var buffer = new byte[128 * 1024];
        while (await body.ReadAsync(buffer, ct) is > 0 and var read)
        {
            hash.AppendData(buffer, 0, read);
            await file.WriteAsync(buffer.AsMemory(0, read), ct);
        }
        return hash.GetHashAndReset();
    }

    private Task<JsonDocument> GetAsync(string path, CancellationToken ct) =>
        Deadline.WithinAsync(MetadataTimeout, $"Asking {address.Host} for {path}", time, async token =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, path));
            request.Headers.Accept.Add(Abbreviated);
            request.Headers.Accept.Add(new("application/json", 0.8));
            using var response = await http.SendAsync(request, token);
            response.EnsureSuccessStatusCode();
            await using var body = await response.Content.ReadAsStreamAsync(token);
            return await JsonDocument.ParseAsync(body, cancellationToken: token);
        }, ct);

    /// <summary>A mirror may repeat the public registry's tarball addresses; npm itself swaps the host too.</summary>
    private Uri Here(Uri tarball) =>
        tarball.Host == "registry.npmjs.org" ? new Uri(address, tarball.AbsolutePath.TrimStart('/')) : tarball;

    private static string Escaped(string package) => package.Replace("/", "%2F", StringComparison.Ordinal);

    private static byte[] Sha512(string? integrity, string package, string version) =>
        integrity?.Split(' ').FirstOrDefault(part => part.StartsWith("sha512-", StringComparison.Ordinal)) is { } found
            ? Convert.FromBase64String(found["sha512-".Length..])
            : throw new InvalidDataException($"The registry has no sha512 digest for {package}@{version}.");
}
