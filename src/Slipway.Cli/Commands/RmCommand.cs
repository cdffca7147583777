using System.CommandLine;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Connection;
using Slipway.Cli.Output;
using Slipway.Client;

namespace Slipway.Cli.Commands;

internal static class RmCommand
{
    public static Verb Create(CliContext context)
    {
        var target = new Argument<string>("target") { HelpName = "TARGET", Description = "a deployment by id (dpl_…) or hash, or a project by name: then all of it" };
        var yes = new Option<bool>("--yes", "-y") { Description = "remove a whole project without asking" };
        var verb = new Verb(
            "rm", "remove a deployment, or a whole project", VerbGroup.Change,
            new Example("rm dpl_01jd…", "one deployment: its instance and image; its history stays"),
            new Example("rm shop --yes", "a project with its deployments, variables, images and the data in its volumes"))
        {
            target, yes,
        };
        verb.SetAction((parse, ct) => RunAsync(context, parse.GetRequiredValue(target), parse.GetValue(yes), ct));
        return verb;
    }

    private static async Task<int> RunAsync(CliContext context, string target, bool isSure, CancellationToken ct)
    {
        using var server = RunningServer.Connect(context);
        var removed = await IsDeploymentAsync(server, target, ct) ? new Removed("deployment", target) : new Removed("project", target);
        if (removed.Kind == "deployment")
        {
            await server.RemoveDeploymentAsync(target, ct);
        }
        else
        {
            Confirm(context, target, isSure);
            await server.RemoveProjectAsync(target, ct);
        }

        context.Screen.Document(removed, CliJson.Pretty.Removed);
        context.Screen.Say($"removed {removed.Kind} {removed.Name}");
        return ExitCode.Done;
    }

    /// <summary>The server also knows a deployment by its project's name, which here means the project.</summary>
    private static async Task<bool> IsDeploymentAsync(SlipwayClient server, string target, CancellationToken ct)
    {
        if (target.StartsWith("dpl_", StringComparison.Ordinal)) return true;
        if (target.Length != 8 || !target.All(char.IsAsciiHexDigitLower)) return false;
        try
        {
            return (await server.GetDeploymentAsync(target, ct)).Project != target;
        }
        catch (SlipwayApiException e) when (e.Status == 404)
        {
            return false;
        }
    }

    private static void Confirm(CliContext context, string project, bool isSure)
    {
        // Only a person is asked: a script has said what it wants.
        if (isSure || context.Screen.IsJson || !context.Screen.IsTerminal || context.Input is not null) return;

        context.Screen.Errors.Write($"Remove the project {project} with all its deployments, variables, images and the data in its volumes? Type its name: ");
        if (Console.ReadLine()?.Trim() != project) throw CliError.Usage("rm.not_confirmed", "nothing was removed", "yes");
    }
}
