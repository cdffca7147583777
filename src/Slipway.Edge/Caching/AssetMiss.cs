using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Slipway.Edge.Forwarding;

namespace Slipway.Edge.Caching;

/// <summary>A request whose answer may be kept, on its way to the app.</summary>
internal sealed class AssetMiss(AssetKey key, AssetCache cache, DateTimeOffset now)
{
    private Draft? _draft;

    /// <summary>The app's headers are in the answer, those of rules are not yet. May come again when a request is sent again.</summary>
    /// <param name="isRewritten">It answers another path than was asked for.</param>
    public void Begin(HttpContext context, bool isRewritten)
    {
        End(context.Response);
        var response = context.Response;
        var question = key.Target.IndexOf('?', StringComparison.Ordinal);
        if (isRewritten || response.ContentLength > cache.MaxSize || AssetRule.KeepFor(response, question < 0 ? key.Target : key.Target.AsSpan(0, question)) is not { } time) return;
        if (EncodingsOf.Answer(response) is not { } encoding || (encoding & ~key.For) != 0) return;
        cache.CountMiss();
        var own = encoding != Encodings.None || AssetRule.VariesByEncoding(response.Headers) ? key : key with { For = Encodings.None };
        KeyValuePair<string, StringValues>[] headers = [.. response.Headers.Where(h => !IsOfOneAnswer(h.Key))];
        var capture = new CaptureStream(response.Body, cache);
        response.Body = capture;
        _draft = new Draft(own, headers, capture, response.ContentLength, now + time);
    }

    /// <summary>The answer is over.</summary>
    /// <param name="isWhole">Nothing went wrong on the way.</param>
    /// <returns>What was kept; null: nothing.</returns>
    public Asset? Finish(HttpContext context, bool isWhole)
    {
        var draft = _draft;
        var copy = isWhole ? draft?.Capture.Copy : null;
        End(context.Response);
        if (draft is null || copy is not { } body || (draft.Length is { } length && length != body.Length) || context.RequestAborted.IsCancellationRequested) return null;
        var asset = new Asset(draft.Key, draft.Headers, body, now, draft.Until);
        cache.Keep(asset);
        return asset;
    }

    private void End(HttpResponse response)
    {
        if (_draft is not { } draft) return;
        if (ReferenceEquals(response.Body, draft.Capture)) response.Body = draft.Capture.To;
        draft.Capture.Drop();
        _draft = null;
    }

    private static bool IsOfOneAnswer(string name) =>
        name.Equals(HeaderNames.ContentLength, StringComparison.OrdinalIgnoreCase) || name.Equals(HeaderNames.Date, StringComparison.OrdinalIgnoreCase) ||
        name.Equals(HeaderNames.Age, StringComparison.OrdinalIgnoreCase) || name.Equals(RequestId.Header, StringComparison.OrdinalIgnoreCase) ||
        name.Equals(HeaderNames.TransferEncoding, StringComparison.OrdinalIgnoreCase) || name.Equals(HeaderNames.Connection, StringComparison.OrdinalIgnoreCase);

    private sealed record Draft(AssetKey Key, KeyValuePair<string, StringValues>[] Headers, CaptureStream Capture, long? Length, DateTimeOffset Until);
}
