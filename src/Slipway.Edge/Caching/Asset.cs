using Microsoft.Extensions.Primitives;
using Slipway.Core;

namespace Slipway.Edge.Caching;

/// <summary>Whose answer to what. Another deployment's is another key, so a release never meets an older one's bytes.</summary>
/// <param name="Target">Path and query as they were sent.</param>
/// <param name="For">What the client took, where the app's answer went by that; else none.</param>
internal readonly record struct AssetKey(DeploymentId Deployment, string Host, string Target, Encodings For);

/// <summary>An answer that is kept.</summary>
/// <param name="Headers">Of the app, without those of its length, date and connection.</param>
internal sealed record Asset(AssetKey Key, KeyValuePair<string, StringValues>[] Headers, byte[] Body, DateTimeOffset At, DateTimeOffset Until)
{
    /// <summary>Made here of what the app sent plain, a moment later; null: not yet, or it gains nothing.</summary>
    public byte[]? Brotli { get; init; }

    public byte[]? Gzip { get; init; }

    /// <summary>What it costs of the cache's room.</summary>
    public long Size => Body.Length + (Brotli?.Length ?? 0) + (Gzip?.Length ?? 0) + (2 * Key.Target.Length) + 1024;
}
