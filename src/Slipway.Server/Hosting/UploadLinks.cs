using System.Collections.Concurrent;
using System.Security.Cryptography;
using Slipway.Core;
using Slipway.Core.Queueing;

namespace Slipway.Server.Hosting;

/// <summary>One-use addresses of uploads. They live in this process: after a restart the worker claims anew and gets another.</summary>
internal sealed class UploadLinks(SelfAddress self, IConfiguration settings, TimeProvider time) : IUploadLinks
{
    public const string Path = "/v1/worker/uploads";
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    private readonly ConcurrentDictionary<string, (UploadId Upload, DateTimeOffset Until)> _links = new();

    public string? LinkTo(UploadId upload)
    {
        if (((settings["Slipway:Api:InternalUrl"] is { Length: > 0 } given ? given : self.Api)) is not { Length: > 0 } root) return null;
        var now = time.GetUtcNow();
        foreach (var (old, link) in _links) if (link.Until < now) _links.TryRemove(old, out _);
        var token = RandomNumberGenerator.GetHexString(64, lowercase: true);
        _links[token] = (upload, now + Lifetime);
        return $"{root.TrimEnd('/')}{Path}/{token}";
    }

    /// <summary>Null when there is no such link (any more); it is used up by the asking.</summary>
    public UploadId? Use(string token) => _links.TryRemove(token, out var link) && link.Until >= time.GetUtcNow() ? link.Upload : null;
}
