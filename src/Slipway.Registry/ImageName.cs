namespace Slipway.Registry;

/// <summary><c>host:port/repository:tag</c> or <c>host:port/repository@sha256:…</c>, without the host.</summary>
/// <param name="Reference">A tag or a digest.</param>
internal readonly record struct ImageName(string Repository, string Reference)
{
    public bool IsPinned => Reference.StartsWith("sha256:", StringComparison.Ordinal);

    /// <summary>Null when it is not in that registry, or names no tag and no digest.</summary>
    public static ImageName? In(string address, string image)
    {
        if (!image.StartsWith(address + "/", StringComparison.Ordinal)) return null;
        var rest = image[(address.Length + 1)..];
        var at = rest.IndexOf('@', StringComparison.Ordinal);
        if (at > 0) return new(rest[..at], rest[(at + 1)..]);
        var colon = rest.LastIndexOf(':');
        return colon > 0 ? new(rest[..colon], rest[(colon + 1)..]) : null;
    }
}
