using Microsoft.AspNetCore.Http;
using Slipway.Edge.Hosts;
using Yarp.ReverseProxy.Forwarder;

namespace Slipway.Edge.Forwarding;

/// <summary>Sends one request to one destination with the settings all apps share.</summary>
internal sealed class AppForwarder(IHttpForwarder forwarder, EdgeOptions options, TimeProvider time) : IDisposable
{
    private readonly HttpMessageInvoker _connections = AppClient.Create(options);
    private readonly EdgeTransformer _transformer = new();

    private readonly ForwarderRequestConfig _config = new()
    {
        ActivityTimeout = options.ActivityTimeout,
        Version = System.Net.HttpVersion.Version11,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    public ValueTask<ForwarderError> SendAsync(HttpContext context, Destination destination)
    {
        destination.Count(time.GetUtcNow());
        return forwarder.SendAsync(context, destination.Prefix, _connections, _config, _transformer);
    }

    public void Dispose() => _connections.Dispose();
}
