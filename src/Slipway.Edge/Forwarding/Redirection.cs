using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Slipway.Edge.Forwarding;

/// <summary>Where a request is sent on to: another host, its path and query as the client sent them.</summary>
internal static class Redirection
{
    public static string To(HttpContext context, string host)
    {
        var port = context.Request.Host.Port is { } given ? string.Create(CultureInfo.InvariantCulture, $":{given}") : "";
        var target = RawTarget.PathAndQuery(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        return string.Concat($"{context.Request.Scheme}://{host}{port}", target.StartsWith('/') ? "" : "/", target);
    }
}
