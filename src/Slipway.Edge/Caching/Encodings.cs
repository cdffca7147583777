using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Slipway.Edge.Caching;

/// <summary>Of the encodings that the cache knows, those that a client takes or an answer has.</summary>
[Flags]
internal enum Encodings
{
    None = 0,
    Gzip = 1,
    Brotli = 2,
}

internal static class EncodingsOf
{
    public static Encodings Client(HttpRequest request)
    {
        if (request.Headers.AcceptEncoding.Count == 0 || !StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptEncoding, out var list)) return Encodings.None;
        var taken = Encodings.None;
        foreach (var one in list) if (one.Quality != 0) taken |= Named(one.Value.AsSpan());
        return taken;
    }

    /// <summary>Null: it has one that the cache does not know.</summary>
    public static Encodings? Answer(HttpResponse response) => response.Headers.ContentEncoding.ToString() switch
    {
        "" => Encodings.None,
        var name when Named(name) is not Encodings.None and var known => known,
        _ => null,
    };

    private static Encodings Named(ReadOnlySpan<char> name) =>
        name.Equals("br", StringComparison.OrdinalIgnoreCase) ? Encodings.Brotli : name.Equals("gzip", StringComparison.OrdinalIgnoreCase) ? Encodings.Gzip : Encodings.None;
}
