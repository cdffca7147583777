using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Slipway.Edge.Caching;
using Slipway.Edge.Pages;
using Slipway.Edge.Rules;
using Yarp.ReverseProxy.Forwarder;

namespace Slipway.Edge.Forwarding;

/// <summary>
/// What an app is told of its client. Inbound claims about the client's origin are dropped, for nobody stands before
/// this edge whom we would trust; ours take their place. <c>Host</c> and the target pass as they came.
/// </summary>
internal sealed class EdgeTransformer : HttpTransformer
{
    private static readonly UriCreationOptions _asSent = new() { DangerousDisablePathAndQueryCanonicalization = true };

    public override async ValueTask TransformRequestAsync(
        HttpContext context, HttpRequestMessage proxied, string destinationPrefix, CancellationToken ct)
    {
        DropClaims(context.Request.Headers);
        await base.TransformRequestAsync(context, proxied, destinationPrefix, ct);

        var pass = context.Features.Get<RulePass>();
        var target = pass?.Target ?? RawTarget.PathAndQuery(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        proxied.RequestUri = new Uri(string.Concat(destinationPrefix, target.StartsWith('/') ? "" : "/", target), _asSent);

        var headers = proxied.Headers;
        if (pass?.Files is { } files) headers.TryAddWithoutValidation(SlipwayHeaders.Files, files);
        Tell(context, headers);
    }

    /// <summary>Who asks, and by which address.</summary>
    public static void Tell(HttpContext context, System.Net.Http.Headers.HttpRequestHeaders headers)
    {
        var request = context.Request;
        headers.TryAddWithoutValidation("X-Forwarded-For", ClientAddress(context));
        headers.TryAddWithoutValidation("X-Forwarded-Proto", request.Scheme);
        headers.TryAddWithoutValidation("X-Forwarded-Host", request.Host.Value);
        headers.Remove(RequestId.Header);
        headers.TryAddWithoutValidation(RequestId.Header, context.TraceIdentifier);
    }

    public override async ValueTask<bool> TransformResponseAsync(HttpContext context, HttpResponseMessage? answer, CancellationToken ct)
    {
        var pass = context.Features.Get<RulePass>();
        // The app has nothing there: its answer is put aside, and the next rewrite has its turn.
        if (pass?.Misses(answer) == true) return false;
        var hasBody = await base.TransformResponseAsync(context, answer, ct);
        if (answer is null) return hasBody;
        Sign(context);
        context.Features.Get<AssetMiss>()?.Begin(context, isRewritten: pass?.Target is not null);
        pass?.Finish(context.Response);
        return hasBody;
    }

    public static void Sign(HttpContext context)
    {
        // Else an app could pass its answer off as one of ours.
        Drop(context.Response.Headers, static name => name.StartsWith(PageWriter.OwnPrefix, StringComparison.OrdinalIgnoreCase));
        context.Response.Headers.TryAdd(RequestId.Header, context.TraceIdentifier);
    }

    public static void DropClaims(IHeaderDictionary headers) => Drop(headers, static name =>
        (name.Length > 0 && (name[0] | 0x20) is 'x' or 'f') &&
        (name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase) ||
         name.StartsWith(PageWriter.OwnPrefix, StringComparison.OrdinalIgnoreCase) ||
         name.Equals("Forwarded", StringComparison.OrdinalIgnoreCase) ||
         name.Equals("X-Real-IP", StringComparison.OrdinalIgnoreCase)));

    private static void Drop(IHeaderDictionary headers, Func<string, bool> unwanted)
    {
        List<string>? names = null;
        foreach (var header in headers)
        {
            if (unwanted(header.Key))
            {
                (names ??= []).Add(header.Key);
            }
        }

        names?.ForEach(name => headers.Remove(name));
    }

    private static string? ClientAddress(HttpContext context) => context.Connection.RemoteIpAddress switch
    {
        { IsIPv4MappedToIPv6: true } mapped => mapped.MapToIPv4().ToString(),
        IPAddress address => address.ToString(),
        null => null,
    };
}
