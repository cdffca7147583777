using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Slipway.Edge.Pages;
using Yarp.ReverseProxy.Forwarder;

namespace Slipway.Edge.Rules;

/// <summary>
/// Asks a server of the public internet in an app's place. Each connection's address is looked at after the name was resolved and before a
/// byte is sent: no name, however it is set up, leads to this machine, its network or a cloud's metadata.
/// </summary>
internal sealed class ExternalForwarder(IHttpForwarder forwarder, EdgeOptions options) : IDisposable
{
    private const string LoopHeader = "CDN-Loop";
    private const string LoopName = "slipway";
    private const int MostLoops = 3;

    private readonly ExternalTransformer _transformer = new();
    private readonly ForwarderRequestConfig _config = new() { ActivityTimeout = options.ActivityTimeout, Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };

    private readonly HttpMessageInvoker _connections = new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        ConnectTimeout = options.ConnectTimeout,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        // A name may lead elsewhere by then.
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ConnectCallback = async (connect, ct) => await ConnectAsync(connect.DnsEndPoint, options.MayReach, ct),
    });

    public async Task<ForwarderError> SendAsync(HttpContext context, Uri address)
    {
        var loops = context.Request.Headers[LoopHeader].ToString();
        if (loops.Split(',').Count(name => name.Trim() == LoopName) >= MostLoops)
        {
            await PageWriter.WriteAsync(context, EdgePages.RewriteLoop);
            return ForwarderError.None;
        }

        context.Request.Headers[LoopHeader] = loops.Length == 0 ? LoopName : $"{loops}, {LoopName}";
        context.Features.Set(new ExternalTarget(address));
        var error = await forwarder.SendAsync(context, address.GetLeftPart(UriPartial.Authority), _connections, _config, _transformer);
        if (error == ForwarderError.None || context.Response.HasStarted || context.RequestAborted.IsCancellationRequested) return ForwarderError.None;

        var isPrivate = context.Features.Get<IForwarderErrorFeature>()?.Exception?.GetBaseException() is NotPublicException;
        await PageWriter.WriteAsync(context, isPrivate ? EdgePages.RewriteIsPrivate(address.Host) : EdgePages.RewriteFailed(address.Host, context.Response.StatusCode == StatusCodes.Status504GatewayTimeout));
        return ForwarderError.None;
    }

    public void Dispose() => _connections.Dispose();

    private static async Task<Stream> ConnectAsync(DnsEndPoint to, Func<IPAddress, bool> mayReach, CancellationToken ct)
    {
        IPAddress[] all = IPAddress.TryParse(to.Host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(to.Host, ct);
        var allowed = all.Where(mayReach).ToArray();
        if (allowed.Length == 0) throw new NotPublicException(to.Host);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, to.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private sealed class NotPublicException(string host) : IOException($"{host} is not on the public internet");
}

/// <summary>Where a request goes that leaves this machine.</summary>
internal sealed record ExternalTarget(Uri Address);
