using Slipway.Cli.Machine;
using Slipway.Core;

namespace Slipway.Cli.Connection;

/// <summary>Asks nobody but the server of this home: where it is is looked up anew for each request, for it may have been stopped
/// since, another program may have its port, and the token is for it alone.</summary>
internal sealed class HomeConnection(SlipwayHome home, TimeProvider time)
    : DelegatingHandler(new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(5) })
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        if (RoleProcess.Server(home, time).Running is not { } server)
            throw new HttpRequestException("it was stopped; what it has begun goes on after ./slipway up");
        if (request.RequestUri is { } asked) request.RequestUri = new Uri(new Uri(server.Address), asked.PathAndQuery);
        return base.SendAsync(request, ct);
    }
}
