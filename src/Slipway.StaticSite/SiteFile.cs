using System.Globalization;
using Microsoft.Net.Http.Headers;

namespace Slipway.StaticSite;

/// <param name="Path">As a request names it: <c>/css/site.css</c>.</param>
internal sealed record SiteFile(string Path, string FullPath, long Length, DateTime Modified)
{
    // Beyond this size reading the whole file for its digest would delay the first answer.
    private const long LargestHashed = 8 * 1024 * 1024;

    private EntityTagHeaderValue? _tag;

    public SiteFile? Brotli { get; init; }
    public SiteFile? Gzip { get; init; }

    /// <summary>Builds often write the same time on every file, so that two versions of equal length would look the same: content counts.</summary>
    public async ValueTask<EntityTagHeaderValue> TagAsync(CancellationToken ct) => _tag ??= new($"\"{await DigestAsync(ct)}\"");

    private async Task<string> DigestAsync(CancellationToken ct)
    {
        if (Length > LargestHashed)
            return string.Create(CultureInfo.InvariantCulture, $"{Modified.Ticks:x}-{Length:x}");

        // FNV-1a, for the runtime's SHA-256 is OpenSSL's, which this image does not carry. Nobody gains by a collision here.
        var hash = 14695981039346656037UL;
        var buffer = new byte[64 * 1024];
        await using var content = File.OpenRead(FullPath);
        while (await content.ReadAsync(buffer, ct) is > 0 and var read)
            foreach (var value in buffer.AsSpan(0, read))
                hash = unchecked((hash ^ value) * 1099511628211UL);
        return string.Create(CultureInfo.InvariantCulture, $"{hash:x16}-{Length:x}");
    }
}
