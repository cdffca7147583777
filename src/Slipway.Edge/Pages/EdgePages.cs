using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Slipway.Core.Pipeline.Routing;
using Slipway.Edge.Forwarding;
using Slipway.Edge.Sleeping;

namespace Slipway.Edge.Pages;

/// <summary>All that the edge has to say itself.</summary>
internal static class EdgePages
{
    public static EdgePage ControlPlaneIsLocal { get; } = new("control_plane_local", StatusCodes.Status403Forbidden,
        "Not over an open line", "The control plane answers to other machines over TLS only. On the server itself this address works.");

    public static EdgePage UnknownHost(string? host, string baseDomain) => new("unknown_host", StatusCodes.Status404NotFound,
        "Nothing is deployed here", string.IsNullOrEmpty(host)
            ? $"The request names no host. Apps of this server answer under their names below {baseDomain}."
            : $"No deployment answers at {host}. Check the address, or deploy something to it.");

    public static EdgePage Refused(Refusal refusal) => new("refused", refusal.Status, "Request refused", refusal.Reason);

    public static EdgePage Password(string to, bool isWrong) => new("password", StatusCodes.Status401Unauthorized,
        "This address is protected", isWrong ? "That was not the password." : "Who has the password may come in.")
    { AsksFor = to };

    public static EdgePage PasswordTooOften(TimeSpan after) => new("password_limit", StatusCodes.Status429TooManyRequests,
        "Too many wrong passwords", "Too many wrong passwords came from your address. Try again in a few minutes.")
    { RetryAfter = after };

    public static EdgePage PasswordBusy { get; } = new("password_busy", StatusCodes.Status503ServiceUnavailable,
        "Just a moment", "Too many passwords are being looked at. Try again in a moment.")
    { RetryAfter = TimeSpan.FromSeconds(5) };

    public static EdgePage RuleTooSlow(string pattern) => new("rule_slow", StatusCodes.Status500InternalServerError,
        "A rule of this app takes too long", $"The rule with the source '{pattern}' could not be decided in time. Who runs the app can write it without brackets within brackets.");

    public static EdgePage RewriteFailed(string host, bool isTimeout) => isTimeout
        ? new EdgePage("rewrite_timeout", StatusCodes.Status504GatewayTimeout, "The other server took too long", $"This address is answered by {host}, which did not answer in time.")
        : new EdgePage("rewrite_unreachable", StatusCodes.Status502BadGateway, "The other server does not answer", $"This address is answered by {host}, which could not be reached from here.");

    public static EdgePage RewriteIsPrivate(string host) => new("rewrite_private", StatusCodes.Status502BadGateway,
        "Not a public server", $"This address is to be answered by {host}, which is not on the public internet. Rewrites lead to public addresses only.");

    public static EdgePage RewriteLoop { get; } = new("rewrite_loop", StatusCodes.Status508LoopDetected,
        "This address leads in a circle", "Its rules send a request out, and it comes back.");

    public static EdgePage AppFailed(int status, Route route) => status switch
    {
        StatusCodes.Status400BadRequest or StatusCodes.Status413PayloadTooLarge or StatusCodes.Status408RequestTimeout =>
            new EdgePage("refused", status, "Request broken off", "The request's body did not arrive whole."),
        StatusCodes.Status504GatewayTimeout => About(route, new EdgePage("timeout", status,
            "The app took too long", "The app accepted the request and did not answer in time.")),
        _ => About(route, new EdgePage("unreachable", StatusCodes.Status502BadGateway,
            "The app does not answer", "It is deployed, but it did not answer this request. It may be restarting.")),
    };

    public static EdgePage For(Route route) => About(route, route.Kind switch
    {
        RouteKind.Building => new EdgePage("building", StatusCodes.Status503ServiceUnavailable,
            "This deployment is being built", "The page opens by itself as soon as it is ready.")
        { RetryAfter = TimeSpan.FromSeconds(5), Refreshes = true },
        RouteKind.Failed => new EdgePage("failed", StatusCodes.Status503ServiceUnavailable,
            "This deployment failed", "This deployment failed, so there is nothing to show. Its log says why."),
        RouteKind.Ended => new EdgePage("ended", StatusCodes.Status410Gone,
            "This deployment has ended", $"{route.Note ?? "It was retired to make room."} Its log is kept. Who runs it can build it again, from its page or with: slipway redeploy {route.Deployment}"),
        RouteKind.Asleep => new EdgePage("asleep", StatusCodes.Status503ServiceUnavailable,
            "This app is waking up", "Nobody used it for a while, so it slept. The page opens by itself in a moment.")
        { RetryAfter = TimeSpan.FromSeconds(5), Refreshes = true },
        RouteKind.Unavailable or RouteKind.App or RouteKind.ControlPlane or RouteKind.Redirect => new EdgePage("unavailable", StatusCodes.Status503ServiceUnavailable,
            "Just a moment", "This app should be running and is not at the moment. The page tries again by itself.")
        { RetryAfter = TimeSpan.FromSeconds(5), Refreshes = true },
        _ => throw new UnreachableException(),
    });

    /// <summary>For those who don't wake it. A crawler that is told 503 keeps what it knows and comes again; a monitor is told that all is well.</summary>
    public static EdgePage Sleeps(Visitor visitor) => visitor == Visitor.Monitor
        ? new EdgePage("asleep", StatusCodes.Status200OK, "This app sleeps", "All is well: nobody used it for a while. A visitor wakes it.")
        : new EdgePage("asleep", StatusCodes.Status503ServiceUnavailable, "This app sleeps", "Nobody used it for a while. A visitor wakes it.") { RetryAfter = TimeSpan.FromHours(1) };

    private static EdgePage About(Route route, EdgePage page) => page with
    {
        DetailsUrl = IsWebAddress(route.DetailsUrl) ? route.DetailsUrl : null,
        Deployment = route.Deployment?.ToString(),
    };

    // A link of another scheme could run script in the page.
    private static bool IsWebAddress(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Scheme is "http" or "https";
}
