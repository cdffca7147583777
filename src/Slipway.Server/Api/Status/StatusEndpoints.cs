using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Slipway.BuildKit;
using Slipway.Client;
using Slipway.Core;
using Slipway.Core.Deployments;
using Slipway.Docker;
using Slipway.Nats;
using Slipway.Server.Api.Certificates;
using Slipway.Server.Hosting;
using Slipway.Server.Roles;

namespace Slipway.Server.Api.Status;

/// <summary><c>GET /v1/status</c>: what runs, where, how much memory and disk it uses.</summary>
internal static class StatusEndpoints
{
    public static void MapStatus(this IEndpointRouteBuilder v1) => v1.MapGet("/status", GetAsync).WithTags("Status").WithSummary("What runs and what it uses");

    private static async Task<Ok<StatusView>> GetAsync(SelfAddress self, EngineProbe engine, Firewall firewall, BuildLimits limits, DiskUse disk, CertificateViews certificates, CachePruning pruning, IDeploymentStore deployments, IServiceProvider services, IOptions<BuildKitOptions> builder, CancellationToken ct)
    {
        var nats = services.GetService<NatsStart>();
        var registry = services.GetService<RegistryWatch>();
        var seen = await engine.LookAsync(ct);
        var used = seen.IsReachable ? await engine.UsageAsync(ct) : null;
        var all = await deployments.ListAsync(new DeploymentQuery { Limit = 100_000 }, ct);
        var edge = self.Edge;
        return TypedResults.Ok(new StatusView
        {
            Server = new ServerStatus(Environment.ProcessId, BuildVersion.Text, Reached(self), edge?.Address ?? "", Environment.WorkingSet),
            Engine = new Client.EngineStatus(seen.IsReachable, seen.Version, seen.ApiVersion, engine.Socket, seen.Problem),
            Roles =
            [
                new RoleStatus("server", "up", Environment.ProcessId, Environment.WorkingSet, services.GetRequiredService<ServedRoles>().Text),
                edge is null ? new RoleStatus("edge", "down", null, null, "start it with: slipway up") : EdgeStatus(edge),
                builder.Value.IsStandalone ? new RoleStatus("limits", "down", null, null, $"builds run in {builder.Value.Describe()}, whose limits and fence are its own") : new RoleStatus("limits", limits.Status is Core.Hosting.StepLimitStatus.Held ? "up" : "down", null, null, BuildLimits.Describe(limits.Status)),
                .. registry is null ? Array.Empty<RoleStatus>() : [new RoleStatus("registry", registry.Problem is null ? "up" : "down", null, null, registry.Problem ?? registry.Address)],
                .. nats is null ? Array.Empty<RoleStatus>() : [new RoleStatus("queue", nats.Fault is null ? "up" : "down", null, null, nats.Fault ?? nats.Url)],
                .. certificates.Describe() is { } told ? new[] { new RoleStatus("certificates", told.IsWell ? "up" : "down", null, null, told.Text) } : [],
                new RoleStatus("firewall", firewall.IsHeld ? "up" : "down", null, null, firewall.Describe()),
            ],
            Disk = new DiskStatus(disk.HomeBytes(), used?.ImageBytes ?? 0, used?.BuildCacheBytes ?? 0, disk.FreeBytes(), used?.OwnImageBytes ?? 0, pruning.Describe()),
            Deployments = all.GroupBy(d => d.State).ToDictionary(g => g.Key.ToWire(), g => g.Count()),
        });
    }

    private static string Reached(SelfAddress self) => self.Api is { } api && !api.Contains("//0.0.0.0", StringComparison.Ordinal) ? api : $"http://{self.Endpoint}";

    /// <summary>In a container of its own its number is one of another namespace, and here it is another's: ours.</summary>
    private static RoleStatus EdgeStatus(RunFile edge) => edge.Pid == Environment.ProcessId
        ? new RoleStatus("edge", "up", null, null, edge.Address)
        : new RoleStatus("edge", "up", edge.Pid, ResidentBytes(edge.Pid), edge.Address);

    private static long? ResidentBytes(int pid)
    {
        try
        {
            var line = File.ReadLines($"/proc/{pid}/status").FirstOrDefault(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
            return line is null ? null : long.Parse(line["VmRSS:".Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture) * 1024;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
