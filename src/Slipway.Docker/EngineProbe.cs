using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Slipway.Core.Hosting;

namespace Slipway.Docker;

/// <summary>What a look at the engine found.</summary>
/// <param name="Problem">Why it can't be used, as a sentence; null when it can.</param>
/// <param name="Hint">What to do about it.</param>
public sealed record EngineStatus(bool IsReachable, string? Version, string? ApiVersion, string? Problem = null, string? Hint = null);

/// <summary>Disk that the engine uses.</summary>
/// <param name="OwnImageBytes">Of this home's images: what each has alone, and once the largest part that they share.</param>
public sealed record EngineUsage(long ImageBytes, long BuildCacheBytes, long OwnImageBytes);

/// <summary>
/// Looks at the engine for <c>status</c>, and says in words why it can't be reached. It speaks plain HTTP over the socket, so
/// that the socket's own error is seen, and so that both shapes of the usage answer (before and after API 1.52) are read.
/// </summary>
public sealed class EngineProbe
{
    private static readonly TimeSpan VersionTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan UsageTimeout = TimeSpan.FromSeconds(20);

    private readonly IOptions<DockerOptions> _options;
    private readonly TimeProvider _time;

    internal EngineProbe(IOptions<DockerOptions> options, TimeProvider time) => (_options, _time) = (options, time);

    /// <summary>Where it looks; what is configured when that is no unix socket, and so no place to look at.</summary>
    public string Socket
    {
        get
        {
            try
            {
                return EngineEndpoint.Of(_options.Value).AbsolutePath;
            }
            catch (InvalidOperationException)
            {
                return _options.Value.Endpoint ?? "";
            }
        }
    }

    public async Task<EngineStatus> LookAsync(CancellationToken ct)
    {
        var socket = "";
        try
        {
            socket = EngineEndpoint.Of(_options.Value).AbsolutePath;
            using var answer = await GetAsync(socket, "/version", VersionTimeout, ct);
            return new(true, Text(answer, "Version"), Text(answer, "ApiVersion"));
        }
        catch (InvalidOperationException misconfigured)
        {
            return new(false, null, null, misconfigured.Message);
        }
        catch (Exception failed) when (!ct.IsCancellationRequested && failed is HttpRequestException or OperationCanceledException or JsonException)
        {
            return EngineProblem.Of(failed, socket);
        }
    }

    /// <summary>Null when the engine does not say in time; adding up a large store takes it a while.</summary>
    public async Task<EngineUsage?> UsageAsync(CancellationToken ct)
    {
        try
        {
            using var answer = await GetAsync(EngineEndpoint.Of(_options.Value).AbsolutePath, "/system/df", UsageTimeout, ct);
            return EngineUsageAnswer.Read(answer.RootElement, _options.Value.HomeId);
        }
        catch (Exception failed) when (
            !ct.IsCancellationRequested && failed is HttpRequestException or OperationCanceledException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Null when the engine does not say.</summary>
    public async Task<EngineLayout?> LayoutAsync(CancellationToken ct)
    {
        try
        {
            using var answer = await GetAsync(EngineEndpoint.Of(_options.Value).AbsolutePath, "/info", VersionTimeout, ct);
            return Text(answer, "DockerRootDir") is { Length: > 0 } root ? new(root, Text(answer, "CgroupDriver") ?? "cgroupfs") : null;
        }
        catch (Exception failed) when (
            !ct.IsCancellationRequested && failed is HttpRequestException or OperationCanceledException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>
    /// Addresses of other people's running containers on the engine's default bridge, for <c>FirewallRules.Others</c>. None when
    /// the engine does not say: then they are fenced like builds.
    /// </summary>
    public async Task<IReadOnlyList<IPAddress>> NeighbourAddressesAsync(CancellationToken ct)
    {
        try
        {
            using var answer = await GetAsync(EngineEndpoint.Of(_options.Value).AbsolutePath, "/containers/json", VersionTimeout, ct);
            return EngineNeighbours.Read(answer.RootElement);
        }
        catch (Exception failed) when (
            !ct.IsCancellationRequested && failed is HttpRequestException or OperationCanceledException or JsonException or InvalidOperationException)
        {
            return [];
        }
    }

    /// <summary>The first process of some running app of this home, by its number on this host; null: none runs.</summary>
    public async Task<int?> AnyAppAsync(CancellationToken ct)
    {
        try
        {
            var socket = EngineEndpoint.Of(_options.Value).AbsolutePath;
            var filters = Uri.EscapeDataString($$"""{"label":["{{Running.ContainerLabels.Home}}={{_options.Value.HomeId}}"]}""");
            using var list = await GetAsync(socket, $"/containers/json?limit=1&filters={filters}", VersionTimeout, ct);
            if (list.RootElement.EnumerateArray().FirstOrDefault() is not { ValueKind: JsonValueKind.Object } first) return null;
            using var answer = await GetAsync(socket, $"/containers/{first.GetProperty("Id").GetString()}/json", VersionTimeout, ct);
            return answer.RootElement.GetProperty("State").GetProperty("Pid").GetInt32() is > 0 and var pid ? pid : null;
        }
        catch (Exception failed) when (
            !ct.IsCancellationRequested && failed is HttpRequestException or OperationCanceledException or JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    private async Task<JsonDocument> GetAsync(string socket, string path, TimeSpan limit, CancellationToken ct)
    {
        using var timer = new CancellationTokenSource(limit, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, ct);
        using var http = Client(socket);
        using var stream = await http.GetStreamAsync(new Uri($"http://engine{path}"), both.Token);
        return await JsonDocument.ParseAsync(stream, default, both.Token);
    }

    internal static HttpClient Client(string socket) => new(new SocketsHttpHandler { ConnectCallback = (_, token) => ConnectAsync(socket, token) });

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken ct)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static string? Text(JsonDocument answer, string name) =>
        answer.RootElement.TryGetProperty(name, out var value) ? value.GetString() : null;
}
