using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Slipway.Edge.Forwarding;
using Yarp.ReverseProxy.Forwarder;

namespace Slipway.Edge.Rules;

/// <summary>What another server is told: its own name as the host, and who asks.</summary>
internal sealed class ExternalTransformer : HttpTransformer
{
    public override async ValueTask TransformRequestAsync(HttpContext context, HttpRequestMessage proxied, string destinationPrefix, CancellationToken ct)
    {
        EdgeTransformer.DropClaims(context.Request.Headers);
        await base.TransformRequestAsync(context, proxied, destinationPrefix, ct);
        proxied.RequestUri = context.Features.GetRequiredFeature<ExternalTarget>().Address;
        proxied.Headers.Host = null;
        EdgeTransformer.Tell(context, proxied.Headers);
    }

    public override async ValueTask<bool> TransformResponseAsync(HttpContext context, HttpResponseMessage? answer, CancellationToken ct)
    {
        var hasBody = await base.TransformResponseAsync(context, answer, ct);
        if (answer is null) return hasBody;
        EdgeTransformer.Sign(context);
        context.Features.Get<RulePass>()?.Finish(context.Response);
        return hasBody;
    }
}
