using Slipway.Core.Pipeline.Planning;

namespace Slipway.Docker.BaseImages;

/// <summary>
/// In place of Microsoft's <c>dotnet/sdk</c>, <c>aspnet</c> and <c>runtime</c>: packed from the .NET that this machine has, for there is
/// nowhere else to take it from, with the user and the variables of the official images. Each is made once.
/// </summary>
internal sealed class DotnetImages(ImageMaking making, LocalBaseImages local)
{
    // Raise it when what comes out changes for the same inputs.
    private const string Recipe = "dotnet/1";
    private const string Settings =
        "ENV APP_UID=1654 ASPNETCORE_HTTP_PORTS=8080 DOTNET_RUNNING_IN_CONTAINER=true DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_USE_POLLING_FILE_WATCHER=true NUGET_XMLDOC_MODE=skip";

    private static readonly string[] Packages = ["libicu72", "libssl3", "tzdata", "zlib1g"];

    private static readonly IList<string>[] Commands =
    [
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-qq", "-y", "--no-install-recommends", .. Packages],
        ["apt-get", "clean"],
        ["rm", "-rf", "/var/lib/apt/lists"],
        ["groupadd", "--gid", "1654", "app"],
        ["useradd", "--uid", "1654", "--gid", "app", "--shell", "/bin/bash", "--create-home", "app"],
    ];

    public Task<BaseImage> MakeAsync(BaseImageNeed need, Action<string> progress, CancellationToken ct)
    {
        var host = HostDotnet.Find(need.Kind, need.Version ?? "");
        var kind = need.Kind switch { BaseImageKind.DotnetSdk => "sdk", BaseImageKind.DotnetAspNet => "aspnet", _ => "runtime" };
        var tag = ImageTag.Of($"slipway/dotnet-{kind}", host.Version, [Recipe, host.Version, .. host.Folders, .. Packages]);
        return making.EnsureAsync(tag, host.Version, progress, async scratch => await making.LayerAsync(await local.DebianAsync(progress, ct), tag, [Settings], scratch, async layer =>
        {
            foreach (var folder in host.Folders) await layer.AddFolderAsync(Path.Combine(host.Root, folder), $"usr/share/dotnet/{folder}", ct);
            await layer.AddFileAsync(Path.Combine(host.Root, "dotnet"), "usr/share/dotnet/dotnet", ct);
            await layer.AddLinkAsync("usr/bin/dotnet", "../share/dotnet/dotnet", ct);
        }, ct, Commands), ct);
    }
}
