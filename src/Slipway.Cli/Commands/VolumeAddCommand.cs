using System.CommandLine;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Connection;
using Slipway.Cli.Output;
using Slipway.Client;
using Slipway.Core.Projects;

namespace Slipway.Cli.Commands;

internal static class VolumeAddCommand
{
    public static Verb Create(CliContext context)
    {
        var project = new Argument<string>("project") { HelpName = "PROJECT", Description = "the project's name" };
        var path = new Argument<string>("path") { HelpName = "PATH", Description = "the folder as the app writes it, absolute: /data" };
        var name = new Option<string?>("--name") { HelpName = "NAME", Description = "what to call it (default: the path's last part)" };
        var verb = new Verb(
            "add", "keep a folder of production across deployments", VerbGroup.Change,
            new Example("volume add shop /data", "what the app writes there stays, from the next deployment on"),
            new Example("volume add shop /var/lib/app/uploads --name uploads", "with a name of its own"))
        {
            project, path, name,
        };
        verb.SetAction((parse, ct) => RunAsync(context, parse.GetRequiredValue(project), new AddVolume(parse.GetRequiredValue(path), parse.GetValue(name)), ct));
        return verb;
    }

    private static async Task<int> RunAsync(CliContext context, string project, AddVolume volume, CancellationToken ct)
    {
        if (VolumeRules.CheckPath(volume.Path).IsFailure(out var bad)) throw CliError.Usage(bad.Code, bad.Message, "path", bad.Hint);
        if (volume.Name is { } name && VolumeRules.CheckName(name) is { } badName) throw CliError.Usage(badName.Code, badName.Message, "name", badName.Hint);
        using var server = RunningServer.Connect(context);
        var added = await server.AddVolumeAsync(project, volume, ct);
        context.Screen.Document(added, CliJson.Pretty.VolumeView);
        context.Screen.Say($"production of {project} keeps {added.Path} as the volume '{added.Name}', from its next deployment on: slipway deploy --prod, or slipway redeploy {project} --prod");
        context.Screen.Say("two instances must not write it at once: from then on a release stops the old one before it starts the new one, and visitors wait at the edge for that long");
        context.Screen.Say("previews never see it: each has an empty folder of its own there");
        return ExitCode.Done;
    }
}
