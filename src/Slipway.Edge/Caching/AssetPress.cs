using System.IO.Compression;
using Microsoft.Net.Http.Headers;
using Slipway.Edge.Compression;

namespace Slipway.Edge.Caching;

/// <summary>Compresses what is kept once and well, one after the other and beside the requests.</summary>
internal sealed class AssetPress(AssetCache cache) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);

    /// <summary>Whether smaller ones are worth making.</summary>
    public static bool IsFor(Asset asset)
    {
        var headers = asset.Headers;
        if (asset.Body.Length < EdgeCompression.LeastLength || Has(headers, HeaderNames.ContentEncoding, "") || Has(headers, HeaderNames.CacheControl, "no-transform")) return false;
        var type = headers.FirstOrDefault(h => h.Key.Equals(HeaderNames.ContentType, StringComparison.OrdinalIgnoreCase)).Value.ToString().Split(';')[0].Trim();
        return EdgeCompression.Types.Contains(type, StringComparer.OrdinalIgnoreCase);
    }

    public async Task PressAsync(Asset asset)
    {
        // Who sends for one after the other fills no queue: what finds no room stays plain, and is compressed for each answer.
        if (!cache.TryTake(asset.Body.Length)) return;
        try
        {
            await _one.WaitAsync();
            try
            {
                await Task.Run(() => cache.Keep(asset with
                {
                    Brotli = Smaller(asset.Body, to => new BrotliStream(to, CompressionLevel.Optimal)),
                    Gzip = Smaller(asset.Body, to => new GZipStream(to, CompressionLevel.Optimal)),
                }));
            }
            finally
            {
                _one.Release();
            }
        }
        finally
        {
            cache.GiveBack(asset.Body.Length);
        }
    }

    public void Dispose() => _one.Dispose();

    private static bool Has(KeyValuePair<string, Microsoft.Extensions.Primitives.StringValues>[] headers, string name, string text) =>
        headers.Any(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase) && h.Value.ToString().Contains(text, StringComparison.OrdinalIgnoreCase));

    private static byte[]? Smaller(byte[] body, Func<Stream, Stream> by)
    {
        using var pressed = new MemoryStream();
        using (var stream = by(pressed)) stream.Write(body);
        return pressed.Length < body.Length ? pressed.ToArray() : null;
    }
}
