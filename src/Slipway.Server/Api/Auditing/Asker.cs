using System.Net;

namespace Slipway.Server.Api.Auditing;

/// <summary>Who asks, as far as the API knows: there is one token, so what let them in and from where.</summary>
internal static class Asker
{
    /// <summary><c>token from 127.0.0.1</c>; with <c>, for 203.0.113.7</c> where the edge, or whoever stands before the API, tells whom it asks for.</summary>
    public static string Of(HttpRequest request)
    {
        var by = $"{(request.Headers.Authorization.Count > 0 ? "token" : "session")} from {Plain(request.HttpContext.Connection.RemoteIpAddress)}";
        // Only what is an address: everything else could be made up to be read as something else.
        return IPAddress.TryParse(request.Headers["X-Forwarded-For"].ToString(), out var visitor) ? $"{by}, for {Plain(visitor)}" : by;
    }

    private static IPAddress? Plain(IPAddress? address) => address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
}
