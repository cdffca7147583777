using System.Security.Cryptography;
using Slipway.Core.Pipeline.Planning;
using Slipway.Core.Stack;

namespace Slipway.Docker.BaseImages;

/// <summary>The services of the stack that are not Slipway's own.</summary>
internal enum StackService
{
    Postgres,
    Nats,
    Registry,
    Prometheus,
}

/// <summary>
/// The images of <c>deploy/compose.yaml</c> where no registry gives them: Slipway itself on this machine's .NET, and the other services
/// from Debian's packages, with the entry points of their official images.
/// <code>
/// slipway/debian ─┬─ slipway/dotnet-aspnet ─── slipway/stack-base ─── slipway/stack
///                 └─ slipway/services ─┬─ slipway/postgres
///                                      ├─ slipway/nats …
/// </code>
/// </summary>
internal sealed class StackImages(ImageMaking making, LocalBaseImages local, DotnetImages dotnet)
{
    private const string Recipe = "stack/1";
    private const string Dotnet = "10.0";
    private static readonly string[] OwnPackages = ["curl", "git", "lego", "libcap2-bin", "nftables"];
    private static readonly string[] ServicePackages = ["docker-registry", "nats-server", "postgresql", "prometheus", "wget"];

    /// <summary>Slipway's own roles: server, worker, edge, fence and backup are one image.</summary>
    /// <param name="server">The published server.</param>
    /// <param name="staticRoot">The static server's root file system, which worker lay under static sites.</param>
    /// <param name="edge">The edge's native program; null: the server's does its work.</param>
    /// <param name="version">What the processes say they are; workers and control plane must be the same.</param>
    public async Task<BaseImage> SlipwayAsync(string server, string staticRoot, string? edge, string version, Action<string> progress, CancellationToken ct)
    {
        var tools = await ToolsAsync(progress, ct);
        var tag = ImageTag.Of("slipway/stack", "1", [Recipe, "fence/1", tools.Reference, version, await FolderDigest.ComputeAsync(server, ct), await FolderDigest.ComputeAsync(staticRoot, ct), edge is null ? "" : Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(edge, ct)))]);
        string[] settings = [$"ENV SLIPWAY_BUILD={version} DOTNET_ROOT=/usr/share/dotnet DOTNET_GCgen0MaxBudget=0x800000 DOTNET_GCgen0size=0x800000 ASPNETCORE_HTTP_PORTS=", "ENTRYPOINT [\"/opt/slipway/server/slipway-server\"]", "WORKDIR /"];
        IList<string>[] commands =
        [
            // A port below 1024, the firewall and cgroups, for one program each: a user that is not root gets a capability by the file alone.
            .. edge is null ? new IList<string>[] { ["cp", "/opt/slipway/server/slipway-server", "/opt/slipway/server/slipway-edge"] } : [],
            ["setcap", "cap_net_bind_service=+ep", "/opt/slipway/server/slipway-edge"],
            // Cgroups of build steps are root's, and so is what the engine says of a step.
            ["cp", "/opt/slipway/server/slipway-server", "/opt/slipway/server/slipway-fence"],
            ["setcap", "cap_dac_override=+ep", "/opt/slipway/server/slipway-fence"],
            ["cp", "/usr/sbin/nft", "/opt/slipway/server/nft"],
            ["setcap", "cap_net_admin=+ep", "/opt/slipway/server/nft"],
            // Where workers work: a volume takes its owner from the image.
            ["install", "-d", "-o", $"{StackUsers.Worker}", "-g", $"{StackUsers.Worker}", "-m", "0700", "/var/lib/slipway-worker"],
        ];
        return await making.EnsureAsync(tag, version, progress, scratch => making.LayerAsync(tools, tag, settings, scratch, async layer =>
        {
            await layer.AddFolderAsync(server, "opt/slipway/server", ct);
            await layer.AddFolderAsync(staticRoot, "opt/slipway/server/static", ct);
            if (edge is not null) await layer.AddFileAsync(edge, "opt/slipway/server/slipway-edge", ct);
        }, ct, commands), ct);
    }

    /// <param name="entryPoints">The folder <c>deploy/images</c>.</param>
    public async Task<BaseImage> ServiceAsync(StackService service, string entryPoints, Action<string> progress, CancellationToken ct)
    {
        var packages = await ServicesAsync(progress, ct);
        var script = Path.Combine(entryPoints, "postgres", "entrypoint.sh");
        var isPostgres = service == StackService.Postgres;
        string[] settings = service switch
        {
            StackService.Postgres => ["ENTRYPOINT [\"/usr/local/bin/entrypoint.sh\"]"],
            StackService.Nats => ["ENTRYPOINT [\"nats-server\"]"],
            StackService.Registry => ["ENTRYPOINT [\"docker-registry\", \"serve\"]"],
            _ => ["ENTRYPOINT [\"prometheus\"]"],
        };
        var tag = ImageTag.Of($"slipway/{service.ToString().ToLowerInvariant()}", "1", [Recipe, packages.Reference, .. settings, isPostgres ? await File.ReadAllTextAsync(script, ct) : ""]);
        return await making.EnsureAsync(tag, null, progress, scratch => making.LayerAsync(packages, tag, settings, scratch,
            layer => isPostgres ? layer.AddFileAsync(script, "usr/local/bin/entrypoint.sh", ct) : layer.AddLinkAsync("etc/slipway-service", $"{service}", ct), ct), ct);
    }

    private async Task<BaseImage> ToolsAsync(Action<string> progress, CancellationToken ct)
    {
        var parent = await dotnet.MakeAsync(new BaseImageNeed("slipway/dotnet-aspnet", BaseImageKind.DotnetAspNet, Dotnet, false), progress, ct);
        var tag = ImageTag.Of("slipway/stack-base", "1", [Recipe, parent.Reference, .. OwnPackages]);
        return await making.EnsureAsync(tag, null, progress, _ => making.Images.CommandsAsync(parent, tag, Install(OwnPackages), [], Quiet, ct), ct);
    }

    private async Task<BaseImage> ServicesAsync(Action<string> progress, CancellationToken ct)
    {
        var parent = await local.DebianAsync(progress, ct);
        var tag = ImageTag.Of("slipway/services", DebianBootstrap.Suite, [Recipe, parent.Reference, .. ServicePackages]);
        return await making.EnsureAsync(tag, null, progress, scratch => making.LayerAsync(parent, tag, [], scratch, async layer =>
        {
            // Nothing is to be started at its installation, and no database made.
            await layer.AddTextAsync("usr/sbin/policy-rc.d", "#!/bin/sh\nexit 101\n", isProgram: true, ct);
            await layer.AddTextAsync("etc/postgresql-common/createcluster.conf", "create_main_cluster = false\n", isProgram: false, ct);
        }, ct, [.. Install(ServicePackages), .. Users], Quiet), ct);
    }

    // initdb wants its user to have a name.
    private static IEnumerable<IList<string>> Users => [["useradd", "--uid", $"{StackUsers.Postgres}", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", "slipway-postgres"]];

    private static IList<string>[] Install(string[] packages) =>
    [
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-qq", "-y", "--no-install-recommends", .. packages],
        ["apt-get", "clean"],
        ["rm", "-rf", "/var/lib/apt/lists"],
    ];

    private static void Quiet(string line)
    {
    }
}
