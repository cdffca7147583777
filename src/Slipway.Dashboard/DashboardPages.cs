using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Slipway.Dashboard;

/// <summary>The plain pages: static files that use the public API and nothing else, so they hold no data and no secret themselves.</summary>
public static class DashboardPages
{
    /// <summary>A build prints what it likes; should any of it ever become markup, it still loads and runs nothing.</summary>
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private static readonly Dictionary<string, (byte[] Bytes, string Type)> Assets = Load();

    /// <summary>Maps <c>/</c>, <c>/deployments/{id}</c>, <c>/login</c> and <c>/assets/…</c>.</summary>
    public static void MapDashboard(this IEndpointRouteBuilder app)
    {
        app.MapGet("/", (HttpResponse response) => Page(response, "home.html")).ExcludeFromDescription();
        app.MapGet("/deployments/{id}", (string id, HttpResponse response) => Page(response, "deployment.html")).ExcludeFromDescription();
        app.MapGet("/login", (HttpResponse response) => Page(response, "login.html")).ExcludeFromDescription();
        app.MapGet("/assets/{name}", Results<FileContentHttpResult, NotFound> (string name) =>
            Assets.TryGetValue(name, out var asset) && !name.EndsWith(".html", StringComparison.Ordinal) ? TypedResults.File(asset.Bytes, asset.Type) : TypedResults.NotFound()).ExcludeFromDescription();
    }

    private static FileContentHttpResult Page(HttpResponse response, string name)
    {
        response.Headers.ContentSecurityPolicy = Policy;
        return TypedResults.File(Assets[name].Bytes, Assets[name].Type);
    }

    private static Dictionary<string, (byte[] Bytes, string Type)> Load()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return assembly.GetManifestResourceNames().ToDictionary(name => name, name =>
        {
            using var stream = assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not embedded");
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            return (bytes.ToArray(), Path.GetExtension(name) switch { ".html" => "text/html; charset=utf-8", ".css" => "text/css", ".js" => "text/javascript", _ => "application/octet-stream" });
        });
    }
}
