using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slipway.Core.Pipeline.Routing;
using Slipway.Edge.Caching;
using Slipway.Edge.Hosts;
using Slipway.Edge.Metrics;
using Slipway.Edge.Pages;
using Slipway.Edge.Passwords;
using Slipway.Edge.Rules;
using Slipway.Edge.Sleeping;
using Slipway.Edge.Tls;
using Yarp.ReverseProxy.Forwarder;

namespace Slipway.Edge.Forwarding;

/// <summary>Answers every public request: guard, look up, forward, wait for the app or show an own page. Nothing here may block.</summary>
internal sealed class PublicDoor(
    TableKeeper tables, AppForwarder apps, WaitingRoom room, Crawlers crawlers, SecureDoor secure, PasswordDoor passwords, RuleDoor rules, AssetDoor assets, ChallengeFiles challenges, EdgeCounters counters, EdgeOptions options, TimeProvider time, ILogger logger)
{
    public async Task AnswerAsync(HttpContext context)
    {
        var began = time.GetTimestamp();
        counters.CountRequest();
        UseCounter? use = null;
        try
        {
            context.TraceIdentifier = RequestId.For(context.Request, time.GetUtcNow());
            if (RequestGuard.Check(context) is { } refusal)
            {
                counters.CountRefused();
                context.Response.Headers.Connection = "close";
                await PageWriter.WriteAsync(context, EdgePages.Refused(refusal));
                return;
            }

            if (await challenges.TryAnswerAsync(context)) return;
            using var visit = tables.Enter(context.Request.Host.Value, avoid: null);
            if (visit.Entry is not { } entry)
            {
                counters.CountUnknownHost();
                await PageWriter.WriteAsync(context, EdgePages.UnknownHost(context.Request.Host.Value, options.BaseDomain));
                return;
            }

            entry.Counter.CountRequest();
            use = entry.Use;
            if (entry.Route.RedirectTo is { } other)
            {
                PageWriter.Redirect(context, secure.Elsewhere(context, other));
            }
            else if (secure.Upgrade(context) is { } location)
            {
                PageWriter.Redirect(context, location);
            }
            else if (entry.Route.Kind == RouteKind.ControlPlane && !context.Request.IsHttps && !IsLocal(context))
            {
                await PageWriter.WriteAsync(context, EdgePages.ControlPlaneIsLocal);
            }
            else if (await passwords.TryAnswerAsync(context, entry))
            {
                return;
            }
            else if (await rules.TryAnswerAsync(context, entry))
            {
                return;
            }
            else if (await assets.TryAnswerAsync(context, entry))
            {
                return;
            }
            else if (visit.Destination is { } destination && entry.Route.Kind is RouteKind.App or RouteKind.ControlPlane)
            {
                await ForwardAsync(context, entry, destination);
            }
            else if (entry.Sleeper is not null && !entry.Route.CrawlersWake && crawlers.Of(context.Request) is not Visitor.Person and var visitor)
            {
                await PageWriter.WriteAsync(context, EdgePages.Sleeps(visitor));
            }
            else if (entry.Route.Kind is RouteKind.Unavailable or RouteKind.Asleep && room.TryEnter(context.Request, out var seat))
            {
                await WaitAsync(context, entry, seat);
            }
            else
            {
                await PageWriter.WriteAsync(context, EdgePages.For(entry.Route));
            }
        }
        finally
        {
            var taken = time.GetElapsedTime(began);
            counters.CountAnswer(context, taken);
            use?.CountAnswer(AnswerClass.Of(context), taken);
        }
    }

    private async Task WaitAsync(HttpContext context, HostEntry before, long seat)
    {
        using var visit = await ThenLeave(room.AppAsync(context), seat);
        var entry = visit.Entry ?? before;
        if (visit.Destination is { } destination && entry.Route.Kind is RouteKind.App or RouteKind.Asleep) await ForwardAsync(context, entry, destination);
        else await PageWriter.WriteAsync(context, EdgePages.For(entry.Route));
    }

    private async Task ForwardAsync(HttpContext context, HostEntry entry, Destination destination)
    {
        var isUse = entry.Use is not null && (entry.Route.CrawlersWake || crawlers.Of(context.Request) == Visitor.Person);
        if (isUse) entry.Use?.Touch(time.GetUtcNow());
        using var over = entry.Sleeper is null ? null : new CancellationTokenSource();
        if (over is not null && entry.Sleeper is { } sleeper) _ = room.KeepAwakeAsync(context.Request.Host.Value, sleeper, over.Token);
        var error = ForwarderError.Request;
        try
        {
            error = await SendAsync(context, entry, destination);
        }
        finally
        {
            assets.Finish(context, error);
            // A long stream was use until its end.
            if (isUse) entry.Use?.Touch(time.GetUtcNow());
            over?.Cancel();
        }
    }

    private Task<ForwarderError> SendAsync(HttpContext context, HostEntry entry, Destination destination) => rules.SendAsync(context, () => ToAppAsync(context, entry, destination));

    private async Task<ForwarderError> ToAppAsync(HttpContext context, HostEntry entry, Destination destination)
    {
        var error = await apps.SendAsync(context, destination);
        if (error == ForwarderError.Request && room.TryEnter(context.Request, out var seat)) error = await ThenLeave(AgainAsync(context, destination, error), seat);

        if (AppFault.IsOne(error))
        {
            entry.Counter.CountFailure();
            counters.CountAppFailure();
            Warn(context, entry, destination, error);
        }

        if (error != ForwarderError.None && !context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            await PageWriter.WriteAsync(context, EdgePages.AppFailed(context.Response.StatusCode, entry.Route));
        }

        return error;
    }

    private void Warn(HttpContext context, HostEntry entry, Destination destination, ForwarderError error)
    {
        if (destination.MayWarn(time.GetUtcNow()))
        {
            var reason = context.Features.Get<IForwarderErrorFeature>()?.Exception?.Message;
            logger.AppUnreachable(entry.Route.Host, destination.Address, error.ToString(), reason, context.TraceIdentifier);
        }
    }

    /// <summary>Sends it anew where that is harmless: to where its host has moved, or to the same app once that takes connections again.</summary>
    private async Task<ForwarderError> AgainAsync(HttpContext context, Destination failed, ForwarderError error)
    {
        var deadline = room.Deadline();
        var mayHaveArrived = false;
        while (true)
        {
            var neverArrived = RetryRule.NeverArrived(context, error);
            // The app may have died of this very request: a second time, not a third.
            if (!neverArrived && (mayHaveArrived || !RetryRule.Allows(context, error))) return error;
            mayHaveArrived |= !neverArrived;

            using var visit = await SomewhereAsync(context, failed, deadline);
            if (visit is not { Destination: { } destination, Entry.Route.Kind: RouteKind.App or RouteKind.ControlPlane or RouteKind.Asleep }) return error;

            counters.CountRetry();
            context.Response.Clear();
            context.Features.Set<IForwarderErrorFeature>(null);
            (failed, error) = (destination, await apps.SendAsync(context, destination));
        }
    }

    /// <summary>
    /// Another destination at once; after a moment the same as well: an app that died has lost all its connections, and at once the next
    /// of them would be tried, which is as dead. None when the time is over.
    /// </summary>
    private async Task<Visit> SomewhereAsync(HttpContext context, Destination failed, long deadline)
    {
        var isGoodAgain = false;
        var changed = tables.Changed;
        var found = tables.Enter(context.Request.Host.Value, avoid: failed);
        while (found.Destination is null || (found.Destination == failed && !isGoodAgain) || (found.Entry?.Sleeper is not null && !await room.IsAwakeAsync(context, found)))
        {
            found.Dispose();
            if (room.IsOver(deadline, context)) return default;

            await room.AMomentAsync(changed);
            changed = tables.Changed;
            found = tables.Enter(context.Request.Host.Value, avoid: null);
            isGoodAgain = true;
        }

        return found;
    }

    private async Task<T> ThenLeave<T>(Task<T> waiting, long seat)
    {
        try
        {
            return await waiting;
        }
        finally
        {
            room.Leave(seat);
        }
    }

    private static bool IsLocal(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } client &&
        IPAddress.IsLoopback(client.IsIPv4MappedToIPv6 ? client.MapToIPv4() : client);
}
