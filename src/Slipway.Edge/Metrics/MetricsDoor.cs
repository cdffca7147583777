using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Slipway.Edge.Metrics;

/// <summary><c>GET /metrics</c> on the listener of <see cref="EdgeOptions.MetricsPort"/>, where that is wanted; nothing else is answered there.</summary>
internal sealed class MetricsDoor(EdgeExposition exposition, EdgeOptions options)
{
    private const string Scheme = "Bearer ";

    public Task AnswerAsync(HttpContext context)
    {
        if (options.MetricsTokenFile.Length > 0 && !HasToken(context.Request)) return End(context, StatusCodes.Status401Unauthorized);
        return HttpMethods.IsGet(context.Request.Method) && context.Request.Path == "/metrics" ? WriteAsync(context, exposition) : End(context, StatusCodes.Status404NotFound);
    }

    public static Task WriteAsync(HttpContext context, EdgeExposition exposition)
    {
        context.Response.ContentType = EdgeExposition.ContentType;
        return context.Response.WriteAsync(exposition.Write(), context.RequestAborted);
    }

    /// <summary>Read anew each time: a token may be changed. A file that is gone lets nobody in.</summary>
    private bool HasToken(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return false;
        try
        {
            var token = File.ReadAllText(options.MetricsTokenFile);
            return !string.IsNullOrWhiteSpace(token) && CryptographicOperations.FixedTimeEquals(Hash(header[Scheme.Length..]), Hash(token));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token.Trim()));

    private static Task End(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
