using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Slipway.Edge.Forwarding;

/// <summary>One id by which a request is found in the logs of edge and app; a client's own is kept if it is harmless.</summary>
internal static class RequestId
{
    public const string Header = "X-Request-Id";

    private const int MaxLength = 128;

    private static readonly SearchValues<char> _harmless =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    public static string For(HttpRequest request, DateTimeOffset now) =>
        request.Headers.TryGetValue(Header, out var sent) && sent.Count == 1 && sent[0] is { Length: > 0 and <= MaxLength } id &&
        !id.AsSpan().ContainsAnyExcept(_harmless)
            ? id
            : Guid.CreateVersion7(now).ToString("N");
}
