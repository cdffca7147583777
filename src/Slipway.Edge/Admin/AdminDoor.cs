using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Core.Pipeline.Running;
using Slipway.Edge.Forwarding;
using Slipway.Edge.Hosts;
using Slipway.Edge.Metrics;
using Slipway.Edge.Sleeping;
using Slipway.Edge.Startup;
using Slipway.Edge.Tls;

namespace Slipway.Edge.Admin;

/// <summary>The admin API on the unix socket: <c>PUT /table</c>, <c>PATCH /table</c>, <c>GET /table</c>, <c>GET /table/number</c>, <c>GET /health</c>, <c>GET /use</c>, <c>GET /wanted?after=N</c>, <c>GET /certificates</c>, <c>GET /metrics</c>, <c>GET /probe?…</c>, <c>GET /probe-key</c>.</summary>
internal sealed class AdminDoor(TableKeeper tables, WaitingRoom room, WantBoard wants, EdgeCounters counters, CertificateKeeper certificates, SecureDoor secure, ProbeKey probes, EdgeOptions options, EdgeExposition exposition, IInstanceProbe probe, DateTimeOffset startedAt, ILogger logger)
{
    private static readonly TimeSpan WaitForNews = TimeSpan.FromSeconds(5);

    public Task AnswerAsync(HttpContext context) => (context.Request.Method, context.Request.Path.Value) switch
    {
        ("PUT", "/table") => PutTableAsync(context),
        ("PATCH", "/table") => ChangeTableAsync(context),
        ("GET", "/table/number") => WriteAsync(context, StatusCodes.Status200OK, Answer(null), EdgeJson.Default.TableAnswer),
        ("GET", "/table") => WriteAsync(context, StatusCodes.Status200OK, tables.Current.Source, EdgeJson.Default.RouteTable),
        ("GET", "/health") => WriteAsync(context, StatusCodes.Status200OK, Health(), EdgeJson.Default.EdgeHealth),
        ("GET", "/use") => WriteAsync(context, StatusCodes.Status200OK, new RouterUse(startedAt, tables.Use()) { Traffic = tables.Answers() }, EdgeJson.Default.RouterUse),
        ("GET", "/certificates") => WriteAsync(context, StatusCodes.Status200OK, Certificates(), EdgeJson.Default.EdgeCertificates),
        ("GET", "/wanted") => WantedAsync(context),
        ("GET", "/probe-key") => WriteAsync(context, StatusCodes.Status200OK, new ProbeKeyAnswer(probes.Text), EdgeJson.Default.ProbeKeyAnswer),
        ("GET", "/probe") => ProbeAsync(context),
        ("GET", "/metrics") => MetricsDoor.WriteAsync(context, exposition),
        _ => WriteAsync(context, StatusCodes.Status404NotFound, Answer("no such resource"), EdgeJson.Default.TableAnswer),
    };

    private async Task WantedAsync(HttpContext context)
    {
        var after = long.TryParse(context.Request.Query["after"], out var known) ? known : 0;
        var number = await wants.AfterAsync(after, WaitForNews, context.RequestAborted);
        IReadOnlyList<DeploymentId> wanted = [.. tables.Current.Sleepers.Values.Where(s => s.WantNumber > after).Select(s => s.Deployment)];
        await WriteAsync(context, StatusCodes.Status200OK, new WantedAnswer(number, wanted), EdgeJson.Default.WantedAnswer);
    }

    /// <summary><c>?address=172.20.0.3&amp;port=3000&amp;path=/&amp;milliseconds=2000</c>: one GET to an app before anything is routed to it.</summary>
    private async Task ProbeAsync(HttpContext context)
    {
        var query = context.Request.Query;
        if (!IPAddress.TryParse(query["address"], out var address) || !int.TryParse(query["port"], out var port) || port is < 1 or > 65535 || !int.TryParse(query["milliseconds"], out var patience) || patience is < 1 or > 600_000)
        {
            await WriteAsync(context, StatusCodes.Status400BadRequest, Answer("address, port and milliseconds are needed"), EdgeJson.Default.TableAnswer);
            return;
        }

        var status = await probe.StatusAsync(address.ToString(), port, query["path"].FirstOrDefault() ?? "/", TimeSpan.FromMilliseconds(patience), context.RequestAborted);
        await WriteAsync(context, StatusCodes.Status200OK, new ProbeAnswer(status), EdgeJson.Default.ProbeAnswer);
    }

    private async Task PutTableAsync(HttpContext context)
    {
        if (await ReadAsync(context, EdgeJson.Default.RouteTable, TableCheck.FindFault) is not { } table) return;
        var inForce = await tables.PublishAsync(table, context.RequestAborted);
        if (ReferenceEquals(inForce, table))
        {
            await WriteAsync(context, StatusCodes.Status200OK, new TableAnswer(table.Number, null), EdgeJson.Default.TableAnswer);
            return;
        }

        logger.TableRefused(table.Number, inForce.Number);
        await WriteAsync(context, StatusCodes.Status409Conflict,
            new TableAnswer(inForce.Number, $"table {inForce.Number} is in force"), EdgeJson.Default.TableAnswer);
    }

    /// <summary>Refused with 409 where another table than its base is in force: then the whole is sent.</summary>
    private async Task ChangeTableAsync(HttpContext context)
    {
        if (await ReadAsync(context, EdgeJson.Default.TableChange, change => TableCheck.FindFault(change, tables.Current.Source)) is not { } change) return;
        if (await tables.ChangeAsync(change, context.RequestAborted)) await WriteAsync(context, StatusCodes.Status200OK, new TableAnswer(change.Number, null), EdgeJson.Default.TableAnswer);
        else await WriteAsync(context, StatusCodes.Status409Conflict, Answer("another table is in force"), EdgeJson.Default.TableAnswer);
    }

    /// <summary>Null when it was refused, which has been answered then.</summary>
    private async Task<T?> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type, Func<T, string?> findFault) where T : class
    {
        string? fault;
        try
        {
            var read = await JsonSerializer.DeserializeAsync(context.Request.Body, type, context.RequestAborted);
            fault = read is null ? "nothing was sent" : findFault(read);
            if (fault is null) return read;
        }
        catch (JsonException e)
        {
            fault = e.Message;
        }

        await WriteAsync(context, StatusCodes.Status400BadRequest, Answer(fault), EdgeJson.Default.TableAnswer);
        return null;
    }

    private EdgeHealth Health()
    {
        var current = tables.Current;
        return new EdgeHealth(
            Environment.ProcessId, EdgeVersion.Text, startedAt, current.Source.Number, counters.Requests, tables.InFlight, room.Waiting,
            counters.UnknownHosts, counters.Refused, counters.Retries,
            [.. current.Hosts.Values.Select(h => new HostHealth(h.Route.Host, h.Counter.Requests, h.Counter.Failures))],
            tables.Traffic());
    }

    private EdgeCertificates Certificates() => new(
        secure.Port == 0 ? 0 : options.Tls.PublicPort ?? secure.Port,
        [.. certificates.All.Select(l => new EdgeCertificate(l.Files.Certificate, l.Certificate?.Names ?? [], l.Certificate?.NotBefore, l.Certificate?.NotAfter, l.Fault, l.IsOwn))]);

    private TableAnswer Answer(string? error) => new(tables.Current.Source.Number, error);

    private static Task WriteAsync<T>(HttpContext context, int status, T body, JsonTypeInfo<T> type)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return JsonSerializer.SerializeAsync(context.Response.Body, body, type, context.RequestAborted);
    }
}
