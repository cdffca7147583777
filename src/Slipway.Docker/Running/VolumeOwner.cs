using System.Formats.Tar;
using System.Globalization;
using Docker.DotNet;
using Docker.DotNet.Models;
using Slipway.Core.Pipeline.Running;

namespace Slipway.Docker.Running;

/// <summary>
/// Gives an instance's volumes to the user it runs as: the engine makes them root's, and an app never is root. Said by the engine's
/// way of copying into a container, so that no program has to be in the image and none runs as root. What is in a volume stays as it is.
/// </summary>
internal static class VolumeOwner
{
    private const UnixFileMode Owned = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    // Of a user that the image names and does not list.
    private const UnixFileMode Anybodys = Owned | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite | UnixFileMode.StickyBit;

    public static async Task GiveAsync(IDockerClient engine, ContainerInspectResponse container, IEnumerable<VolumeMount> volumes, CancellationToken ct)
    {
        var owner = await OwnerAsync(engine, container, ct);
        using var tar = new MemoryStream();
        await using (var writer = new TarWriter(tar, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var volume in volumes)
                await writer.WriteEntryAsync(new PaxTarEntry(TarEntryType.Directory, $"{volume.Path.TrimStart('/')}/") { Uid = owner?.Uid ?? 0, Gid = owner?.Gid ?? 0, Mode = owner is null ? Anybodys : Owned }, ct);
        }

        tar.Position = 0;
        await engine.Containers.ExtractArchiveToContainerAsync(container.ID, new() { Path = "/" }, tar, ct);
    }

    /// <summary>Of the user that it has: <c>10001:10001</c>, <c>1000</c>, <c>node</c>, <c>node:www</c>; null when the image does not tell who that is.</summary>
    private static async Task<(int Uid, int Gid)?> OwnerAsync(IDockerClient engine, ContainerInspectResponse container, CancellationToken ct)
    {
        var (user, group) = (container.Config?.User ?? "").Split(':', 2) is [var name, .. var rest] ? (name, Number(rest.FirstOrDefault())) : ("", null);
        if (Number(user) is { } uid) return (uid, group ?? uid);
        return ImageUsers.Find(await ReadAsync(engine, container.ID, "/etc/passwd", ct), user) is { } listed ? (listed.Uid, group ?? listed.Gid) : null;
    }

    private static int? Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static async Task<string> ReadAsync(IDockerClient engine, string container, string path, CancellationToken ct)
    {
        try
        {
            var answer = await engine.Containers.GetArchiveFromContainerAsync(container, new() { Path = path }, statOnly: false, ct);
            await using var stream = answer.Stream ?? Stream.Null;
            await using var reader = new TarReader(stream);
            if (await reader.GetNextEntryAsync(copyData: false, ct) is not { DataStream: { } file, Length: < 1 << 20 }) return "";
            using var text = new StreamReader(file);
            return await text.ReadToEndAsync(ct);
        }
        catch (DockerApiException missing) when (missing.StatusCode == System.Net.HttpStatusCode.NotFound)
        {
            return "";
        }
    }
}

/// <summary>An image's <c>/etc/passwd</c>. Pure.</summary>
internal static class ImageUsers
{
    public static (int Uid, int Gid)? Find(string passwd, string name)
    {
        foreach (var line in passwd.Split('\n'))
        {
            // name:x:uid:gid:…
            if (line.Split(':') is [var listed, _, var uid, var gid, ..] && listed == name &&
                int.TryParse(uid, NumberStyles.None, CultureInfo.InvariantCulture, out var user) && int.TryParse(gid, NumberStyles.None, CultureInfo.InvariantCulture, out var group))
                return (user, group);
        }

        return null;
    }
}
