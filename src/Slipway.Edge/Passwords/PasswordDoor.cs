using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Slipway.Edge.Forwarding;
using Slipway.Edge.Hosts;
using Slipway.Edge.Pages;

namespace Slipway.Edge.Passwords;

/// <summary>
/// Stands before a protected host. In come: a browser with the cookie that the right password gave it, a program with HTTP Basic, the control
/// plane's probe. All others are asked, before rules, the cache or the app hear of them.
/// </summary>
internal sealed class PasswordDoor(VisitorCookies cookies, PasswordCheck passwords, ProbeKey probes)
{
    /// <summary>Where the page's form is sent, at protected hosts.</summary>
    public const string FormPath = "/.slipway/password";

    /// <summary>True: answered. False: open, or let in; what let it in is taken off.</summary>
    public async ValueTask<bool> TryAnswerAsync(HttpContext context, HostEntry entry)
    {
        if (entry.Route.PasswordHash is not { } hash || probes.IsIn(context.Request)) return false;
        var request = context.Request;
        if (request.Path == FormPath)
        {
            await TakeFormAsync(context, hash);
            return true;
        }

        var basic = BasicCredentials.PasswordOf(request);
        var isLetIn = cookies.Admits(request, hash);
        if (!isLetIn && basic is null)
        {
            await PageWriter.WriteAsync(context, EdgePages.Password(WayBack(context), isWrong: false) with { Challenge = Challenge(request) });
            return true;
        }

        if (!isLetIn && await passwords.CheckAsync(hash, basic ?? "", context.Connection.RemoteIpAddress, context.RequestAborted) is not PasswordVerdict.Right and var verdict)
        {
            await RefuseAsync(context, verdict, WayBack(context));
            return true;
        }

        // Another may be the app's own.
        if (basic is not null && passwords.IsKnown(hash, basic)) request.Headers.Authorization = default;
        VisitorCookies.Remove(request);
        return false;
    }

    private async Task TakeFormAsync(HttpContext context, string hash)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            await PageWriter.WriteAsync(context, EdgePages.Password("/", isWrong: false));
            return;
        }

        if (await PasswordForm.ReadAsync(context) is not { } form)
        {
            await PageWriter.WriteAsync(context, EdgePages.Refused(new Refusal(StatusCodes.Status400BadRequest, "This is not what the page sends.")));
            return;
        }

        var verdict = await passwords.CheckAsync(hash, form.Password, context.Connection.RemoteIpAddress, context.RequestAborted);
        if (verdict != PasswordVerdict.Right)
        {
            await RefuseAsync(context, verdict, form.To);
            return;
        }

        cookies.Issue(context, hash);
        context.Response.Headers.CacheControl = "no-store";
        PageWriter.Redirect(context, form.To, StatusCodes.Status303SeeOther);
    }

    private static Task RefuseAsync(HttpContext context, PasswordVerdict verdict, string to) => PageWriter.WriteAsync(context, verdict switch
    {
        PasswordVerdict.TooMany => EdgePages.PasswordTooOften(Attempts.Window),
        PasswordVerdict.Busy => EdgePages.PasswordBusy,
        _ => EdgePages.Password(to, isWrong: true) with { Challenge = Challenge(context.Request) },
    });

    /// <summary>A browser shows the page; were it challenged, it would show a window of its own over it, or over another page that has a picture from here.</summary>
    private static string? Challenge(HttpRequest request) =>
        request.Headers.ContainsKey("Sec-Fetch-Mode") || request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)
            ? null : "Basic realm=\"Slipway\", charset=\"UTF-8\"";

    /// <summary>Where the visitor wanted to go; what was sent along cannot be sent again.</summary>
    private static string WayBack(HttpContext context) => HttpMethods.IsGet(context.Request.Method)
        ? PasswordForm.Safe(RawTarget.PathAndQuery(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget).ToString()) : "/";
}
