using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Slipway.Dashboard;

/// <summary>The plain pages: static files that use the public API and nothing else, so they hold no data and no secret themselves.</summary>
public static class DashboardPages
{
    private static readonly Dictionary<string, (byte[] Bytes, string Type)> Assets = Load();

    /// <summary>Maps <c>/</c>, <c>/deployments/{id}</c>, <c>/login</c> and <c>/assets/…</c>.</summary>
    public static void MapDashboard(this IEndpointRouteBuilder app)
    {
        app.MapGet("/", () => Page("home.html")).ExcludeFromDescription();
        app.MapGet("/deployments/{id}", (string id) => Page("deployment.html")).ExcludeFromDescription();
        app.MapGet("/login", () => Page("login.html")).ExcludeFromDescription();
        app.MapGet("/assets/{name}", Results<FileContentHttpResult, NotFound> (string name) =>
            Assets.TryGetValue(name, out var asset) && !name.EndsWith(".html", StringComparison.Ordinal) ? TypedResults.File(asset.Bytes, asset.Type) : TypedResults.NotFound()).ExcludeFromDescription();
    }

    private static FileContentHttpResult Page(string name) => TypedResults.File(Assets[name].Bytes, Assets[name].Type);

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
