using Slipway.Core.Tenancy;

namespace Slipway.Server.Api.Auth;

/// <summary>Asks the <see cref="Guard"/>, then lets the rest of the request see its team's rows only.</summary>
internal sealed class GuardMiddleware(RequestDelegate next, Guard guard)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.XFrameOptions = "DENY";
        headers.ContentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

        if (guard.Check(context.Request) is { } refused)
        {
            if (refused.Status == 401 && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal)) context.Response.Redirect("/login");
            else await refused.Failure.Problem(refused.Status).ExecuteAsync(context);
            return;
        }

        using var scope = TeamScope.Enter(TeamScope.DefaultTeam);
        await next(context);
    }
}
