using System.Text.Json;
using BuildKit.Client.Wire;
using Google.Protobuf;
using Grpc.Core;

namespace BuildKit.Client;

/// <summary>
/// What daemons from BuildKit 0.9 on say beside the text, in a trailer (seen on Engine 28.5; 20.10 sends none). An Any's name ends in
/// the Go type: <c>errdefs.Source+json</c>, <c>errdefs.Vertex+json</c>, <c>errdefs.Frontend+json</c>, <c>gatewayapi.ExitMessage+json</c>.
/// </summary>
internal sealed record ErrorDetails
{
    private const string Trailer = "grpc-status-details-bin";

    /// <summary>1-based, where the failing instruction begins.</summary>
    public int? Line { get; private init; }

    /// <summary>The Dockerfile as the daemon read it.</summary>
    public string? Source { get; private init; }

    /// <summary>Digest of the step that failed.</summary>
    public string? Vertex { get; private init; }

    public int? ExitCode { get; private init; }

    /// <summary>The frontend itself gave up.</summary>
    public bool IsFrontends { get; private init; }

    public static ErrorDetails Of(RpcException e)
    {
        var details = new ErrorDetails();
        if (e.Trailers.GetValueBytes(Trailer) is not { } bytes) return details;
        try
        {
            // The first of a kind is the innermost, nearest to the cause.
            return RpcStatus.Parser.ParseFrom(bytes).Details.Reverse().Aggregate(details, (all, any) => all.With(any.TypeUrl, any.Value));
        }
        catch (Exception broken) when (broken is InvalidProtocolBufferException or JsonException or InvalidOperationException or FormatException)
        {
            // A daemon that says it otherwise: the text remains.
            return details;
        }
    }

    private ErrorDetails With(string type, ByteString json)
    {
        if (!type.EndsWith("+json", StringComparison.Ordinal)) return this;
        var name = type[(type.LastIndexOf('/') + 1)..];
        if (name is not ("errdefs.Source+json" or "errdefs.Vertex+json" or "errdefs.Frontend+json" or "gatewayapi.ExitMessage+json")) return this;
        using var parsed = JsonDocument.Parse(json.Memory);
        var root = parsed.RootElement;
        return name switch
        {
            "errdefs.Source+json" => this with { Line = LineOf(root) ?? Line, Source = SourceOf(root) ?? Source },
            "errdefs.Vertex+json" when root.TryGetProperty("digest", out var digest) => this with { Vertex = digest.GetString() },
            "errdefs.Frontend+json" => this with { IsFrontends = true },
            "gatewayapi.ExitMessage+json" when root.TryGetProperty("Code", out var code) => this with { ExitCode = code.GetInt32() },
            _ => this,
        };
    }

    private static int? LineOf(JsonElement source) =>
        source.TryGetProperty("ranges", out var ranges) && ranges.ValueKind == JsonValueKind.Array && ranges.GetArrayLength() > 0
        && ranges[0].TryGetProperty("start", out var start) && start.TryGetProperty("line", out var line) ? line.GetInt32() : null;

    private static string? SourceOf(JsonElement source) =>
        source.TryGetProperty("info", out var info) && info.TryGetProperty("data", out var data) ? System.Text.Encoding.UTF8.GetString(data.GetBytesFromBase64()) : null;
}
