using Microsoft.AspNetCore.Http.HttpResults;
using Slipway.Client;
using Slipway.Server.Hosting;

namespace Slipway.Server.Api.Auth;

/// <summary>How a browser gets in: <c>slipway open</c> asks for a link, the link is good once.</summary>
internal static class LoginEndpoints
{
    public static void MapLogin(this IEndpointRouteBuilder app)
    {
        app.MapPost("/v1/auth/links", CreateLink).WithTags("Auth").WithSummary("A one-use login link for a browser, good for five minutes");
        app.MapGet("/login/{code}", Redeem).ExcludeFromDescription();
        app.MapPost("/logout", Logout).ExcludeFromDescription();
    }

    private static Created<LoginLinkView> CreateLink(LoginLinks links, SelfAddress self, string? path)
    {
        var (code, expires) = links.Create();
        var to = IsLocal(path) ? $"?to={Uri.EscapeDataString(path!)}" : "";
        return TypedResults.Created((string?)null, new LoginLinkView($"{self.Public}/login/{code}{to}", expires));
    }

    private static Results<RedirectHttpResult, ProblemHttpResult> Redeem(string code, string? to, LoginLinks links, SessionCookies sessions, HttpResponse response)
    {
        if (!links.Redeem(code)) return new Core.Failure("auth.link_used", "this link was used already or is too old", "get another with: slipway open").Problem(StatusCodes.Status410Gone);
        sessions.Issue(response);
        return TypedResults.LocalRedirect(IsLocal(to) ? to! : "/");
    }

    private static RedirectHttpResult Logout(HttpResponse response)
    {
        response.Cookies.Delete(SessionCookies.Name);
        return TypedResults.LocalRedirect("/login");
    }

    private static bool IsLocal(string? path) => path is ['/', not ('/' or '\\'), ..] or "/";
}
