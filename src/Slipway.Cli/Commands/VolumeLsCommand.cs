using System.CommandLine;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Connection;
using Slipway.Cli.Output;

namespace Slipway.Cli.Commands;

internal static class VolumeLsCommand
{
    public static Verb Create(CliContext context)
    {
        var project = new Argument<string>("project") { HelpName = "PROJECT", Description = "the project's name" };
        var verb = new Verb("ls", "list a project's volumes", VerbGroup.Change, new Example("volume ls shop", "docker volume inspect NAME says where the data lies")) { project };
        verb.SetAction((parse, ct) => RunAsync(context, parse.GetRequiredValue(project), ct));
        return verb;
    }

    private static async Task<int> RunAsync(CliContext context, string project, CancellationToken ct)
    {
        using var server = RunningServer.Connect(context);
        var found = await server.ListVolumesAsync(project, ct);
        context.Screen.Document(found, CliJson.Pretty.IReadOnlyListVolumeView);
        if (found.Count == 0) context.Screen.Say($"{project} keeps nothing across deployments: slipway volume add {project} /data");
        else foreach (var line in Table.Lines(["volume", "path", "in the engine"], found.Select(v => new[] { v.Name, v.Path, v.Engine }))) context.Screen.Say(line);
        return ExitCode.Done;
    }
}
