using System.CommandLine;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Machine;
using Slipway.Cli.Output;

namespace Slipway.Cli.Commands;

internal static class DownCommand
{
    public static Verb Create(CliContext context)
    {
        var all = new Option<bool>("--all") { Description = "also stop the dockerd that Slipway started on this machine" };
        var verb = new Verb(
            "down", "stop Slipway; apps keep running, but nothing leads to them", VerbGroup.Machine,
            new Example("down", "finish or hand back what goes on, then stop server and edge"),
            new Example("down --all", "stop the dockerd that Slipway started, too"))
        {
            all,
        };
        verb.SetAction((parse, ct) => RunAsync(context, parse.GetValue(all), ct));
        return verb;
    }

    private static async Task<int> RunAsync(CliContext context, bool withEngine, CancellationToken ct)
    {
        var screen = context.Screen;
        var down = await Progress.RunAsync(screen, context.Time, progress => new Shutdown(context.Home, context.Time).RunAsync(withEngine, progress, ct));
        screen.Document(down, CliJson.Pretty.DownDocument);
        screen.Say(down.Stopped.Count == 0 ? "Slipway was not running" : $"stopped: {string.Join(", ", down.Stopped)}; apps keep running and are reachable again after: slipway up");
        if (withEngine) screen.Say(down.StoppedEngine ? "stopped: dockerd (containers outlive it)" : "dockerd was not started by Slipway: left as it is");
        return ExitCode.Done;
    }
}
