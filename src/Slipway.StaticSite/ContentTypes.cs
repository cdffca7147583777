using Microsoft.AspNetCore.StaticFiles;

namespace Slipway.StaticSite;

internal static class ContentTypes
{
    // Above the provider: static fields are set in this order.
    private static readonly (string, string)[] More =
    [
        (".avif", "image/avif"),
        (".br", "application/octet-stream"),
        (".cjs", "text/javascript"),
        (".geojson", "application/geo+json"),
        (".glb", "model/gltf-binary"),
        (".gltf", "model/gltf+json"),
        (".gz", "application/gzip"),
        (".ico", "image/x-icon"),
        (".js", "text/javascript"),
        (".jsonld", "application/ld+json"),
        (".jxl", "image/jxl"),
        (".map", "application/json"),
        (".md", "text/markdown"),
        (".mjs", "text/javascript"),
        (".rss", "application/rss+xml"),
        (".toml", "application/toml"),
        (".wasm", "application/wasm"),
        (".webmanifest", "application/manifest+json"),
        (".webp", "image/webp"),
        (".xml", "application/xml"),
        (".yaml", "application/yaml"),
        (".yml", "application/yaml"),
    ];

    private static readonly FileExtensionContentTypeProvider Known = Extended();

    // Named by their protocols without an extension.
    private static readonly string[] JsonNames = ["apple-app-site-association"];

    public static string Of(string path)
    {
        if (JsonNames.Contains(Path.GetFileName(path))) return "application/json; charset=utf-8";
        if (!Known.TryGetContentType(path, out var type)) return "application/octet-stream";
        return IsText(type) ? type + "; charset=utf-8" : type;
    }

    private static bool IsText(string type) =>
        type.StartsWith("text/", StringComparison.Ordinal)
        || type is "application/json" or "application/xml" or "image/svg+xml"
        || type.EndsWith("+json", StringComparison.Ordinal)
        || type.EndsWith("+xml", StringComparison.Ordinal);

    private static FileExtensionContentTypeProvider Extended()
    {
        var provider = new FileExtensionContentTypeProvider();
        foreach (var (extension, type) in More)
            provider.Mappings[extension] = type;
        return provider;
    }
}
