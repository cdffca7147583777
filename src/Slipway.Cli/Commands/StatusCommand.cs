using Slipway.Cli.CommandLine;
using Slipway.Cli.Machine;
using Slipway.Cli.Output;

namespace Slipway.Cli.Commands;

internal static class StatusCommand
{
    public static Verb Create(CliContext context)
    {
        var verb = new Verb(
            "status", "what runs, where, and how much memory and disk it uses", VerbGroup.Machine,
            new Example("status", "exit code 3 when the server does not answer"),
            new Example("status --json", "for scripts: server.edge is the address to send a Host header to"));
        verb.SetAction((_, ct) => RunAsync(context, ct));
        return verb;
    }

    private static async Task<int> RunAsync(CliContext context, CancellationToken ct)
    {
        var screen = context.Screen;
        var status = await StatusReport.ReadAsync(context.Home, context.Time, ct);
        screen.Document(status, CliJson.Pretty.StatusDocument);
        foreach (var line in Lines(status)) screen.Say(line);
        if (status.Error is not { } error) return ExitCode.Done;
        screen.Errors.WriteLine($"error: {error.Message}");
        if (error.Hint is { } hint) screen.Errors.WriteLine($"  hint: {hint}");
        return ExitCode.Broken;
    }

    private static IEnumerable<string> Lines(StatusDocument s)
    {
        yield return s.Server is { } server ? $"server   up, pid {server.Pid}, {Words.Bytes(server.RssBytes)}, version {server.Version}, API {server.Api}" : "server   not reachable";
        if (s.Server is { } known) yield return $"edge     {known.Edge}";
        yield return s.Engine.Reachable ? $"engine   Docker {s.Engine.Version} (API {s.Engine.ApiVersion}) at {s.Engine.Socket}" : $"engine   no answer at {s.Engine.Socket}: {s.Engine.Error}";
        foreach (var line in Table.Lines(["role", "state", "pid", "memory", ""], s.Roles.Select(Row))) yield return "         " + line;
        yield return s.Error is null
            ? $"disk     home {Words.Bytes(s.Disk.HomeBytes)}, images {Words.Bytes(s.Disk.ImagesBytes)} (of them only ours {Words.Bytes(s.Disk.OwnImagesBytes)}), build cache {Words.Bytes(s.Disk.BuildCacheBytes)}, free {Words.Bytes(s.Disk.FreeBytes)}"
            : $"disk     home {Words.Bytes(s.Disk.HomeBytes)}, free {Words.Bytes(s.Disk.FreeBytes)}";
        if (s.Disk.CachePolicy is { } policy) yield return $"         {policy}";
        if (s.Deployments.Count > 0) yield return $"deploys  {string.Join(", ", s.Deployments.OrderBy(d => d.Key, StringComparer.Ordinal).Select(d => $"{d.Value} {d.Key}"))}";
        yield return $"home     {s.Home}";
    }

    private static string[] Row(Client.RoleStatus r) =>
        [r.Name, r.State, r.Pid?.ToString() ?? "-", r.RssBytes is { } bytes ? Words.Bytes(bytes) : "-", r.Detail ?? ""];
}
