using System.CommandLine;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Connection;
using Slipway.Cli.Output;

namespace Slipway.Cli.Commands;

internal static class VolumeRmCommand
{
    public static Verb Create(CliContext context)
    {
        var project = new Argument<string>("project") { HelpName = "PROJECT", Description = "the project's name" };
        var volume = new Argument<string>("volume") { HelpName = "NAME", Description = "the volume's name" };
        var yes = new Option<bool>("--yes", "-y") { Description = "remove it without asking" };
        var verb = new Verb("rm", "remove a volume with all that is in it", VerbGroup.Change, new Example("volume rm shop uploads --yes", "its data is gone; production starts again without it")) { project, volume, yes };
        verb.SetAction((parse, ct) => RunAsync(context, parse.GetRequiredValue(project), parse.GetRequiredValue(volume), parse.GetValue(yes), ct));
        return verb;
    }

    private static async Task<int> RunAsync(CliContext context, string project, string volume, bool isSure, CancellationToken ct)
    {
        using var server = RunningServer.Connect(context);
        Confirm(context, project, volume, isSure);
        await server.RemoveVolumeAsync(project, volume, ct);
        context.Screen.Document(new Removed("volume", volume), CliJson.Pretty.Removed);
        context.Screen.Say($"removed the volume {volume} of {project} with all that was in it");
        return ExitCode.Done;
    }

    private static void Confirm(CliContext context, string project, string volume, bool isSure)
    {
        // Only a person is asked: a script has said what it wants.
        if (isSure || context.Screen.IsJson || !context.Screen.IsTerminal || context.Input is not null) return;

        context.Screen.Errors.Write($"Remove the volume {volume} of {project} with all that is in it? Type its name: ");
        if (Console.ReadLine()?.Trim() != volume) throw CliError.Usage("rm.not_confirmed", "nothing was removed", "yes");
    }
}
