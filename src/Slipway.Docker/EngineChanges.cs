using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Slipway.Docker;

/// <summary>Tells when a container on the engine came or went, whosever it is. It reads no more than that something happened.</summary>
public sealed class EngineChanges
{
    private const string Path = "/events?filters=%7B%22type%22%3A%5B%22container%22%2C%22network%22%5D%2C%22event%22%3A%5B%22start%22%2C%22die%22%2C%22connect%22%2C%22disconnect%22%5D%7D";
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(2);

    private readonly IOptions<DockerOptions> _options;
    private readonly TimeProvider _time;

    internal EngineChanges(IOptions<DockerOptions> options, TimeProvider time) => (_options, _time) = (options, time);

    /// <summary>Until the token; also tells of each new connection, as what happened before it is not known.</summary>
    public async Task WatchAsync(Action changed, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                using var http = EngineProbe.Client(EngineEndpoint.Of(_options.Value).AbsolutePath);
                http.Timeout = Timeout.InfiniteTimeSpan;
                using var reader = new StreamReader(await http.GetStreamAsync(new Uri($"http://engine{Path}"), ct));
                changed();
                while (await reader.ReadLineAsync(ct) is not null) changed();
            }
            catch (Exception away) when (!ct.IsCancellationRequested && away is HttpRequestException or IOException or SocketException or InvalidOperationException)
            {
                // An engine that is away comes back.
            }

            await Task.WhenAny(Task.Delay(Again, _time, ct));
        }
    }
}
