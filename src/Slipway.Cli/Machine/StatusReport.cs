using Slipway.Cli.CommandLine;
using Slipway.Cli.Connection;
using Slipway.Cli.Output;
using Slipway.Client;
using Slipway.Core;

namespace Slipway.Cli.Machine;

/// <summary>What runs, where, and how much it uses; works with everything down.</summary>
internal static class StatusReport
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async Task<StatusDocument> ReadAsync(SlipwayHome home, TimeProvider time, CancellationToken ct)
    {
        CliError error;
        try
        {
            using var server = RunningServer.Connect(home, time);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
            limit.CancelAfter(Patience);
            var status = await server.StatusAsync(limit.Token);
            return new StatusDocument(status.Server, status.Engine, WithProcesses(status.Roles, home, time), status.Disk, status.Deployments, home.Root, null);
        }
        catch (CliError e)
        {
            error = e;
        }
        catch (SlipwayApiException e)
        {
            error = RunningServer.Refusal(e);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            error = CliError.Broken("slipway.timeout", $"the server runs, but did not answer within {Patience.TotalSeconds:0} s", "see logs/server.log in the home");
        }

        var engine = await EngineProbe.AskAsync(ct);
        return new StatusDocument(
            null, new EngineStatus(engine.IsReachable, engine.Version, engine.ApiVersion, engine.Socket, engine.Error), WithProcesses([], home, time),
            new DiskStatus(FolderBytes(home.Root), 0, 0, FreeBytes(home.Root)), new Dictionary<string, int>(), home.Root,
            new ErrorBody(error.Code, error.Message, error.Field, error.Hint));
    }

    /// <summary>Adds what only the outside sees: both processes, even when one of them hangs or is gone.</summary>
    private static List<RoleStatus> WithProcesses(IReadOnlyList<RoleStatus> told, SlipwayHome home, TimeProvider time)
    {
        var roles = told.ToList();
        foreach (var process in new[] { RoleProcess.Server(home, time), RoleProcess.Edge(home, time), RoleProcess.Companion(home, time) })
        {
            var running = process.Running;
            // Not started where it would be of no use.
            if (running is null && process.Name == "companion") continue;
            var known = roles.FindIndex(r => r.Name == process.Name);
            var rss = running is null ? null : ProcessTable.ResidentBytes(running.Pid);
            if (known < 0) roles.Add(new RoleStatus(process.Name, running is null ? "down" : "up", running?.Pid, rss, running?.Address));
            else roles[known] = roles[known] with { Pid = roles[known].Pid ?? running?.Pid, RssBytes = roles[known].RssBytes ?? rss };
        }

        return roles;
    }

    private static long FolderBytes(string folder) => Directory.Exists(folder)
        ? new DirectoryInfo(folder).EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint }).Sum(f => f.Length)
        : 0;

    private static long FreeBytes(string folder)
    {
        var at = folder;
        while (!Directory.Exists(at)) at = Path.GetDirectoryName(at) ?? "/";
        return new DriveInfo(at).AvailableFreeSpace;
    }
}
