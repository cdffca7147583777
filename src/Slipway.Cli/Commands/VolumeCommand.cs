using Slipway.Cli.CommandLine;

namespace Slipway.Cli.Commands;

/// <summary><c>slipway volume</c>: what a project's production keeps across deployments.</summary>
internal static class VolumeCommand
{
    public static Verb Create(CliContext context) => new Verb(
        "volume", "folders that a project's production keeps across deployments", VerbGroup.Change,
        new Example("volume ls shop", "each with its path and the engine's name for it"),
        new Example("volume add shop /data", "what the app writes there stays, from the next deployment on"),
        new Example("volume add shop /var/lib/app/uploads --name uploads", "with a name of its own"),
        new Example("volume rm shop uploads --yes", "remove it with all that is in it"))
    {
        VolumeLsCommand.Create(context), VolumeAddCommand.Create(context), VolumeRmCommand.Create(context),
    };
}
