using System.CommandLine;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Connection;
using Slipway.Cli.Output;
using Slipway.Client;
using Slipway.Core.Projects;

namespace Slipway.Cli.Commands;

/// <summary><c>slipway allow</c>: one way out of the fence for one project.</summary>
internal static class AllowCommand
{
    public static Verb Create(CliContext context)
    {
        var (project, address) = (Project(), Address());
        var verb = new Verb(
            "allow", "let a project's apps reach one address and port of a private network", VerbGroup.Change,
            new Example("allow shop 10.0.0.5:5432", "its database; apps reach nothing private that was not allowed"),
            new Example("allow ls shop", "what is open, and whether what runs has it"),
            new Example("allow rm shop 10.0.0.5:5432", "closed at once, connections that stand too"))
        {
            project, address, Ls(context), Rm(context),
        };
        verb.SetAction((parse, ct) => RunAsync(context, parse.GetRequiredValue(project), parse.GetRequiredValue(address), ct));
        return verb;
    }

    private static Argument<string> Project() => new("project") { HelpName = "PROJECT", Description = "the project's name" };

    private static Argument<string> Address() => new("address") { HelpName = "ADDRESS:PORT", Description = "IPv4 and TCP port: 10.0.0.5:5432" };

    private static Verb Ls(CliContext context)
    {
        var project = Project();
        var verb = new Verb("ls", "list what is open to a project's apps", VerbGroup.Change, new Example("allow ls shop", "what is open, and whether what runs has it")) { project };
        verb.SetAction((parse, ct) => ListAsync(context, parse.GetRequiredValue(project), ct));
        return verb;
    }

    private static Verb Rm(CliContext context)
    {
        var (project, address) = (Project(), Address());
        var verb = new Verb("rm", "close a way", VerbGroup.Change, new Example("allow rm shop 10.0.0.5:5432", "closed at once, connections that stand too")) { project, address };
        verb.SetAction((parse, ct) => RemoveAsync(context, parse.GetRequiredValue(project), parse.GetRequiredValue(address), ct));
        return verb;
    }

    private static async Task<int> RunAsync(CliContext context, string project, string address, CancellationToken ct)
    {
        // The server may be another machine's: what is this one's own is its to say.
        if (WayRules.Check(address, [], []).IsFailure(out var bad)) throw CliError.Usage(bad.Code, bad.Message, "address", bad.Hint);
        using var server = RunningServer.Connect(context);
        var way = await server.AddWayAsync(project, new AddWay(address), ct);
        context.Screen.Document(way, CliJson.Pretty.WayView);
        context.Screen.Say(Words(project, way));
        return ExitCode.Done;
    }

    private static async Task<int> ListAsync(CliContext context, string project, CancellationToken ct)
    {
        using var server = RunningServer.Connect(context);
        var found = await server.ListWaysAsync(project, ct);
        context.Screen.Document(found, CliJson.Pretty.IReadOnlyListWayView);
        if (found.Count == 0) context.Screen.Say($"nothing private is open to {project}: slipway allow {project} 10.0.0.5:5432");
        else foreach (var line in Table.Lines(["address", "state"], found.Select(w => new[] { w.Address, w.State }))) context.Screen.Say(line);
        return ExitCode.Done;
    }

    private static async Task<int> RemoveAsync(CliContext context, string project, string address, CancellationToken ct)
    {
        using var server = RunningServer.Connect(context);
        await server.RemoveWayAsync(project, address, ct);
        context.Screen.Document(new Removed("way", address), CliJson.Pretty.Removed);
        context.Screen.Say($"{address} is closed to {project}, connections that stood too");
        return ExitCode.Done;
    }

    private static string Words(string project, WayView way) => way.State switch
    {
        "redeploy" => $"{way.Address} is open to what {project} starts from now on; what runs began before it had a way: slipway redeploy {project} --prod",
        "waiting" => $"{way.Address} is written down for {project}, and open once the fence has taken it: slipway allow ls {project}",
        "unfenced" => $"{way.Address} is written down for {project}, but no fence stands on this host, so nothing had to be opened: slipway status",
        _ => $"{way.Address} is open to {project}",
    };
}
