using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Slipway.Core.Pipeline.Routing;
using Slipway.Edge.Compression;
using Slipway.Edge.Forwarding;
using Slipway.Edge.Hosts;
using Slipway.Edge.Rules;
using Yarp.ReverseProxy.Forwarder;

namespace Slipway.Edge.Caching;

/// <summary>Answers for immutable assets from memory, also while their app sleeps; who comes here was let in by the password's door.</summary>
internal sealed class AssetDoor(AssetCache cache, ProbeKey probes, TimeProvider time) : IDisposable
{
    /// <summary>Says that the app was not asked.</summary>
    public const string HitHeader = Pages.PageWriter.OwnPrefix + "Cache";

    private const int MaxTarget = 2048;
    private readonly AssetPress _press = new(cache);

    /// <summary>True: answered. False: the app is to be asked, and its answer kept if it may be.</summary>
    public async ValueTask<bool> TryAnswerAsync(HttpContext context, HostEntry entry)
    {
        if (!cache.IsOn || KeyOf(context, entry) is not { } key) return false;
        var now = time.GetUtcNow();
        if (!IsForcedAnew(context.Request) && (cache.TryFind(key, now, out var asset) || (key.For != Encodings.None && cache.TryFind(key with { For = Encodings.None }, now, out asset))))
        {
            cache.CountHit();
            await WriteAsync(context, asset, key.For, now);
            return true;
        }

        if (HttpMethods.IsGet(context.Request.Method)) context.Features.Set(new AssetMiss(key, cache, now));
        return false;
    }

    /// <summary>The answer of the app, or what there was in its place, is over.</summary>
    public void Finish(HttpContext context, ForwarderError error)
    {
        if (context.Features.Get<AssetMiss>()?.Finish(context, error == ForwarderError.None) is { } kept && AssetPress.IsFor(kept)) _ = _press.PressAsync(kept);
    }

    public void Dispose() => _press.Dispose();

    /// <summary>Null: nothing that is kept answers it, and its answer is not kept.</summary>
    private AssetKey? KeyOf(HttpContext context, HostEntry entry)
    {
        var request = context.Request;
        if (entry.Route is not { Deployment: { } deployment, Kind: RouteKind.App or RouteKind.Asleep or RouteKind.Unavailable }) return null;
        if (!(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) || context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true }) return null;
        if (request.Headers.Authorization.Count > 0 || request.Headers.ContainsKey(HeaderNames.Range) || request.Headers.ContainsKey(HeaderNames.Upgrade) || probes.IsIn(request)) return null;
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        return target.Length <= MaxTarget && target.StartsWith('/') ? new AssetKey(deployment, entry.Route.Host, target, EncodingsOf.Client(request)) : null;
    }

    private static bool IsForcedAnew(HttpRequest request)
    {
        var said = request.Headers.CacheControl;
        return said.Count > 0 && (said.ToString().Contains("no-cache", StringComparison.OrdinalIgnoreCase) || said.ToString().Contains("no-store", StringComparison.OrdinalIgnoreCase));
    }

    private static Task WriteAsync(HttpContext context, Asset asset, Encodings taken, DateTimeOffset now)
    {
        var response = context.Response;
        foreach (var (name, value) in asset.Headers) response.Headers[name] = value;
        var body = Choose(response, asset, taken);
        response.Headers[RequestId.Header] = context.TraceIdentifier;
        response.Headers[HitHeader] = "hit";
        response.Headers.Age = Math.Max(0, (long)(now - asset.At).TotalSeconds).ToString(CultureInfo.InvariantCulture);
        context.Features.Get<RulePass>()?.Finish(response);
        if (response.StatusCode == StatusCodes.Status200OK && IsUnchanged(context.Request, response))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            response.Headers.ContentType = default;
            response.Headers.ContentEncoding = default;
            return Task.CompletedTask;
        }

        response.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    private static byte[] Choose(HttpResponse response, Asset asset, Encodings taken)
    {
        if (asset.Brotli is null && asset.Gzip is null) return asset.Body;
        if (!response.Headers.Vary.ToString().Contains(HeaderNames.AcceptEncoding, StringComparison.OrdinalIgnoreCase)) response.Headers.Vary = StringValues.Concat(response.Headers.Vary, HeaderNames.AcceptEncoding);
        if (taken.HasFlag(Encodings.Brotli) && asset.Brotli is { } brotli) return Encoded(response, "br", brotli);
        return taken.HasFlag(Encodings.Gzip) && asset.Gzip is { } gzip ? Encoded(response, "gzip", gzip) : asset.Body;
    }

    private static byte[] Encoded(HttpResponse response, string name, byte[] body)
    {
        response.Headers.ContentEncoding = name;
        EdgeCompression.Weaken(response.Headers);
        return body;
    }

    /// <summary>By the tag where the client names one, weak or strong; else by the date.</summary>
    private static bool IsUnchanged(HttpRequest request, HttpResponse response)
    {
        if (request.Headers.IfNoneMatch.Count > 0)
        {
            return EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var tags) && tags.Any(tag =>
                tag.Tag == "*" || (EntityTagHeaderValue.TryParse(response.Headers.ETag.ToString(), out var own) && tag.Compare(own, useStrongComparison: false)));
        }

        return HeaderUtilities.TryParseDate(request.Headers.IfModifiedSince.ToString(), out var since) && HeaderUtilities.TryParseDate(response.Headers.LastModified.ToString(), out var changed) && changed <= since;
    }
}
