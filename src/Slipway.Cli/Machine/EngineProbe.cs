using System.Net.Sockets;
using System.Text.Json;
using Slipway.Cli.CommandLine;

namespace Slipway.Cli.Machine;

/// <param name="Socket">Where it was asked.</param>
/// <param name="Error">Why it did not answer; null when it did.</param>
internal sealed record EngineAnswer(string Socket, string? Version, string? ApiVersion, string? Error)
{
    public bool IsReachable => Error is null;
}

/// <summary>Asks a Docker Engine for its version over its own socket.</summary>
internal static class EngineProbe
{
    private const string Default = "unix:///var/run/docker.sock";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary><c>DOCKER_HOST</c>, else the engine's default socket.</summary>
    public static string Socket => IsElsewhere ? Environment.GetEnvironmentVariable("DOCKER_HOST")! : Default;

    /// <summary>The user says where the engine is: then it is not ours to start.</summary>
    public static bool IsElsewhere => Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 } host && host != Default;

    public static async Task<EngineAnswer> AskAsync(CancellationToken ct)
    {
        var socket = Socket;
        if (socket.StartsWith("unix://", StringComparison.Ordinal) && !File.Exists(socket["unix://".Length..])) return new EngineAnswer(socket, null, null, "there is no such socket");
        try
        {
            using var http = Client(socket);
            await using var body = await http.GetStreamAsync("/version", ct);
            using var json = await JsonDocument.ParseAsync(body, cancellationToken: ct);
            return new EngineAnswer(socket, Text(json, "Version"), Text(json, "ApiVersion"), null);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException or UriFormatException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return new EngineAnswer(socket, null, null, e is OperationCanceledException ? $"no answer within {Patience.TotalSeconds:0} s" : (e.InnerException ?? e).Message);
        }
    }

    /// <exception cref="CliError">It does not answer, or not so.</exception>
    public static async Task<JsonDocument> GetAsync(string path, CancellationToken ct)
    {
        try
        {
            using var http = Client(Socket);
            await using var body = await http.GetStreamAsync(path, ct);
            return await JsonDocument.ParseAsync(body, cancellationToken: ct);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            throw CliError.Broken("engine.unreachable", $"the Docker Engine at {Socket} does not answer {path}: {e.Message}", "see: slipway status", e);
        }
    }

    /// <summary>Whatever it does; nothing where there is none.</summary>
    public static async Task RemoveContainerAsync(string name, CancellationToken ct)
    {
        try
        {
            using var http = Client(Socket);
            using var answer = await http.DeleteAsync($"/containers/{name}?force=true", ct);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            // It ends by itself then, and is removed with that.
        }
    }

    private static HttpClient Client(string socket)
    {
        if (!socket.StartsWith("unix://", StringComparison.Ordinal))
        {
            return new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(socket.Replace("tcp://", "http://", StringComparison.Ordinal)), Timeout = Patience };
        }

        var path = socket["unix://".Length..];
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (_, ct) =>
            {
                var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await connection.ConnectAsync(new UnixDomainSocketEndPoint(path), ct);
                    return new NetworkStream(connection, ownsSocket: true);
                }
                catch
                {
                    connection.Dispose();
                    throw;
                }
            },
        };
        return new HttpClient(handler) { BaseAddress = new Uri("http://docker"), Timeout = Patience };
    }

    private static string? Text(JsonDocument json, string name) => json.RootElement.TryGetProperty(name, out var value) ? value.GetString() : null;
}
