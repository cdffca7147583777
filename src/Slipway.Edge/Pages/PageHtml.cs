using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;

namespace Slipway.Edge.Pages;

/// <summary>The one look of all own pages: no script, nothing loaded from anywhere.</summary>
internal static class PageHtml
{
    private const string Style = """
        :root{color-scheme:light dark;--ink:#16181d;--soft:#5b6270;--line:#e3e5ea;--paper:#fff}
        @media(prefers-color-scheme:dark){:root{--ink:#f1f2f4;--soft:#9aa1ae;--line:#2b2f38;--paper:#111317}}
        body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--paper);color:var(--ink);font:16px/1.6 system-ui,sans-serif}
        main{max-width:34rem;padding:2rem}
        .status{color:var(--soft);font-size:.875rem;letter-spacing:.08em}
        h1{font-size:1.6rem;line-height:1.25;margin:.25rem 0 .75rem}
        p{margin:.5rem 0;overflow-wrap:anywhere}
        a{color:inherit}
        form{display:flex;gap:.5rem;margin-top:1rem}
        input,button{font:inherit;padding:.5rem .75rem;border:1px solid var(--line);border-radius:.375rem;background:var(--paper);color:var(--ink);min-width:0}
        input{flex:1}
        footer{margin-top:2rem;padding-top:1rem;border-top:1px solid var(--line);color:var(--soft);font:.8rem/1.5 ui-monospace,monospace;overflow-wrap:anywhere}
        """;

    /// <summary>Allows the one style sheet above by its hash, and nothing else.</summary>
    public static string ContentSecurityPolicy { get; } = Policy("'none'");

    /// <summary>The same for the page that asks for a password.</summary>
    public static string FormPolicy { get; } = Policy("'self'");

    private static string Policy(string forms) =>
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; base-uri 'none'; form-action {forms}; frame-ancestors 'none'";

    public static string Render(EdgePage page, string requestId)
    {
        var html = new StringBuilder(2048);
        html.Append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">")
            .Append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><meta name=\"robots\" content=\"noindex\">");
        if (page is { Refreshes: true, RetryAfter: { } after })
        {
            html.Append(CultureInfo.InvariantCulture, $"<meta http-equiv=\"refresh\" content=\"{(int)after.TotalSeconds}\">");
        }

        html.Append(CultureInfo.InvariantCulture, $"<title>{Safe(page.Title)}</title><style>{Style}</style></head><body><main>")
            .Append(CultureInfo.InvariantCulture, $"<div class=\"status\">{page.Status}</div><h1>{Safe(page.Title)}</h1><p>{Safe(page.Text)}</p>");
        if (page.AsksFor is { } to)
        {
            html.Append(CultureInfo.InvariantCulture, $"<form method=\"post\" action=\"{Passwords.PasswordDoor.FormPath}\"><input type=\"hidden\" name=\"to\" value=\"{Safe(to)}\">")
                .Append("<input type=\"password\" name=\"password\" aria-label=\"Password\" placeholder=\"Password\" autocomplete=\"current-password\" required autofocus><button>Go on</button></form>");
        }

        if (page.DetailsUrl is { } url)
        {
            html.Append(CultureInfo.InvariantCulture, $"<p><a href=\"{Safe(url)}\" rel=\"noreferrer\">Open the deployment</a></p>");
        }

        var deployment = page.Deployment is null ? "" : $"{Safe(page.Deployment)}<br>";
        return html.Append(CultureInfo.InvariantCulture, $"<footer>{deployment}request {Safe(requestId)}<br>Slipway</footer></main></body></html>\n").ToString();
    }

    private static string Safe(string text) => HtmlEncoder.Default.Encode(text);
}
