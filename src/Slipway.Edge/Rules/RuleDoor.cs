using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Slipway.Core.Pipeline.Planning.Rules;
using Slipway.Core.Pipeline.Routing;
using Slipway.Edge.Forwarding;
using Slipway.Edge.Hosts;
using Slipway.Edge.Pages;
using Yarp.ReverseProxy.Forwarder;

namespace Slipway.Edge.Rules;

/// <summary>What the rules of a host do with a request: send its client elsewhere, ask somebody else, change where the app is asked and what is answered.</summary>
internal sealed class RuleDoor(ExternalForwarder externals, ProbeKey probes, ILogger logger)
{
    /// <summary>True: answered. False: to be forwarded, by way of its <see cref="RulePass"/> if there are rules.</summary>
    public async ValueTask<bool> TryAnswerAsync(HttpContext context, HostEntry entry)
    {
        // The control plane asks for the app itself.
        if (entry.Rules is not { } rules || probes.IsIn(context.Request)) return false;
        try
        {
            var request = RequestOf(context);
            if (rules.Ready.Redirect(request) is { } redirect)
            {
                PageWriter.Redirect(context, redirect.Location, redirect.Status);
                return true;
            }

            var pass = new RulePass(rules.Ready, request, IsRead(context));
            pass.Begin();
            context.Features.Set(pass);
            return false;
        }
        catch (RuleTooSlowException slow)
        {
            await PageWriter.WriteAsync(context, EdgePages.RuleTooSlow(slow.Pattern));
            return true;
        }
        catch (FormatException e)
        {
            logger.RulesNotKnown(e, entry.Route.Host);
            return false;
        }
    }

    /// <summary>Sends it the way that its rules say.</summary>
    /// <param name="toApp">Sends it to the app, as its pass has it now.</param>
    public async Task<ForwarderError> SendAsync(HttpContext context, Func<Task<ForwarderError>> toApp)
    {
        if (context.Features.Get<RulePass>() is not { } pass) return await toApp();
        try
        {
            while (true)
            {
                if (pass.Elsewhere is { } other) return await externals.SendAsync(context, other);
                var error = await toApp();
                if (error != ForwarderError.None || !pass.TryFallBack()) return error;
                context.Response.Clear();
            }
        }
        catch (RuleTooSlowException slow) when (!context.Response.HasStarted)
        {
            await PageWriter.WriteAsync(context, EdgePages.RuleTooSlow(slow.Pattern));
            return ForwarderError.None;
        }
    }

    private static bool IsRead(HttpContext context) =>
        (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)) && context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false };

    private static RuleRequest RequestOf(HttpContext context)
    {
        var request = context.Request;
        var target = RawTarget.PathAndQuery(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        var question = target.IndexOf('?');
        var path = question < 0 ? target : target[..question];
        return new RuleRequest
        {
            Host = HostName.WithoutPort(request.Host.Value).ToString().ToLowerInvariant(),
            Path = path.StartsWith('/') ? path.ToString() : $"/{path}",
            Query = question < 0 ? "" : target[question..].ToString(),
            Header = name => request.Headers.TryGetValue(name, out var values) ? values.ToString() : null,
            Cookie = name => request.Cookies.TryGetValue(name, out var value) ? value : null,
        };
    }
}
