using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slipway.Core.Pipeline.Routing;
using Slipway.Edge.Hosts;
using Slipway.Edge.Pages;
using Yarp.ReverseProxy.Forwarder;

namespace Slipway.Edge.Forwarding;

/// <summary>Answers every public request: guard, look up, forward or show an own page. Nothing here may block.</summary>
internal sealed class PublicDoor(
    TableKeeper tables, AppForwarder apps, EdgeCounters counters, EdgeOptions options, TimeProvider time, ILogger logger)
{
    public async Task AnswerAsync(HttpContext context)
    {
        counters.CountRequest();
        context.TraceIdentifier = RequestId.For(context.Request, time.GetUtcNow());
        if (RequestGuard.Check(context) is { } refusal)
        {
            counters.CountRefused();
            context.Response.Headers.Connection = "close";
            await PageWriter.WriteAsync(context, EdgePages.Refused(refusal));
            return;
        }

        using var visit = tables.Enter(context.Request.Host.Value, avoid: null);
        if (visit.Entry is not { } entry)
        {
            counters.CountUnknownHost();
            await PageWriter.WriteAsync(context, EdgePages.UnknownHost(context.Request.Host.Value, options.BaseDomain));
            return;
        }

        entry.Counter.CountRequest();
        if (entry.Route.Kind == RouteKind.ControlPlane && !IsLocal(context))
        {
            await PageWriter.WriteAsync(context, EdgePages.ControlPlaneIsLocal);
        }
        else if (visit.Destination is { } destination && entry.Route.Kind is RouteKind.App or RouteKind.ControlPlane)
        {
            await ForwardAsync(context, entry, destination);
        }
        else
        {
            await PageWriter.WriteAsync(context, EdgePages.For(entry.Route));
        }
    }

    private async Task ForwardAsync(HttpContext context, HostEntry entry, Destination destination)
    {
        var error = await apps.SendAsync(context, destination);
        if (RetryRule.Allows(context, error))
        {
            counters.CountRetry();
            error = await RetryAsync(context, destination);
        }

        if (AppFault.IsOne(error))
        {
            entry.Counter.CountFailure();
            Warn(context, entry, destination, error);
        }

        if (error != ForwarderError.None && !context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            await PageWriter.WriteAsync(context, EdgePages.AppFailed(context.Response.StatusCode, entry.Route));
        }
    }

    private void Warn(HttpContext context, HostEntry entry, Destination destination, ForwarderError error)
    {
        if (destination.MayWarn(time.GetUtcNow()))
        {
            var reason = context.Features.Get<IForwarderErrorFeature>()?.Exception?.Message;
            logger.AppUnreachable(entry.Route.Host, destination.Address, error.ToString(), reason, context.TraceIdentifier);
        }
    }

    /// <summary>Looks the host up again: the reason may be that it just moved.</summary>
    private async Task<ForwarderError> RetryAsync(HttpContext context, Destination failed)
    {
        using var visit = tables.Enter(context.Request.Host.Value, avoid: failed);
        if (visit is not { Destination: { } destination, Entry.Route.Kind: RouteKind.App or RouteKind.ControlPlane })
        {
            return ForwarderError.NoAvailableDestinations;
        }

        context.Response.Clear();
        context.Features.Set<IForwarderErrorFeature>(null);
        return await apps.SendAsync(context, destination);
    }

    private static bool IsLocal(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } client &&
        IPAddress.IsLoopback(client.IsIPv4MappedToIPv6 ? client.MapToIPv4() : client);
}
