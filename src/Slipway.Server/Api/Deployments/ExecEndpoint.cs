using System.Net.WebSockets;
using System.Text.Json;
using Slipway.Client;
using Slipway.Core;
using Slipway.Server.Api.Auditing;

namespace Slipway.Server.Api.Deployments;

/// <summary>
/// A command in an instance, over a WebSocket:
/// <code>
///   client                                              server
///   text   ExecStart: the command          ─────────▶
///   binary input                           ─────────▶
///   text   ExecInput: size, or end         ─────────▶
///                                          ◀─────────   binary: 1 or 2 (out, err), then the bytes
///                                          ◀─────────   text   ExecEnd: exit code, or why not; then it closes
/// </code>
/// </summary>
internal static class ExecEndpoint
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static void MapExec(this IEndpointRouteBuilder v1) =>
        v1.MapGet("/deployments/{id}/exec", HandleAsync).WithTags("Deployments").WithSummary("Run a command in its instance, over a WebSocket; a project's name means its production");

    private static async Task<IResult> HandleAsync(string id, HttpContext context, ExecDoor door, TimeProvider time, IHostApplicationLifetime lifetime, ILoggerFactory logs, CancellationToken ct)
    {
        if (!context.WebSockets.IsWebSocketRequest) return new Failure("exec.websocket_needed", "a command runs over a WebSocket", "use: slipway exec").Problem(StatusCodes.Status426UpgradeRequired);
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, lifetime.ApplicationStopping);
        var wire = new ExecWire(socket);
        var end = await RunAsync(id, context, wire, door, time, logs.CreateLogger<ExecDoor>(), stop.Token);
        if (end is not null) await wire.CloseAsync(end, time);
        return Results.Empty;
    }

    /// <summary>Null when there is nobody left to tell.</summary>
    private static async Task<ExecEnd?> RunAsync(string id, HttpContext context, ExecWire wire, ExecDoor door, TimeProvider time, ILogger log, CancellationToken ct)
    {
        try
        {
            using var patience = new CancellationTokenSource(Patience, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
            if (await wire.StartAsync(either.Token) is not { } asked) return new ExecEnd(null, "exec.invalid", "the first message must say the command", "use: slipway exec");
            var opened = await door.BeginAsync(id, asked, Asker.Of(context.Request), ct);
            if (opened.IsFailure(out var failure)) return new ExecEnd(null, failure.Code, failure.Message, failure.Hint);
            await using var command = opened.Value;
            if (asked.Terminal) await ExecWire.ResizeAsync(command.Command, asked.Columns, asked.Rows, ct);
            return new ExecEnd(await wire.PumpAsync(command.Command, ct));
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException or JsonException)
        {
            return null;
        }
        catch (Exception e)
        {
            log.CommandFailed(e, id);
            return new ExecEnd(null, "platform.failed", $"the command could not be run: {e.Message}", "see the server's log");
        }
    }
}

internal static partial class Log
{
    [LoggerMessage(LogLevel.Error, "a command in {Deployment} could not be run")]
    public static partial void CommandFailed(this ILogger log, Exception e, string deployment);
}
