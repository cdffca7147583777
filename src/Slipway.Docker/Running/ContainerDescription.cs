using Docker.DotNet.Models;
using Slipway.Core;
using Slipway.Core.Hosting;
using Slipway.Core.Pipeline.Running;

namespace Slipway.Docker.Running;

/// <summary>What of the engine matters to a container's description.</summary>
/// <param name="HasInit">It can put an init of its own in front of the app.</param>
internal sealed record EngineTraits(bool HasInit, long Cores);

/// <summary>Spec → what is asked of the engine. Pure; every fence around an app is stated here.</summary>
internal static class ContainerDescription
{
    // No swap but a page. None at all is a limit that runc writes past systemd, and systemd's next reload lifts it (seen: Debian 13, runc 1.1.15).
    private const long LeastSwap = 4096;

    // The engine refuses less.
    private const long LeastMemory = 6L << 20;
    private const long NanosPerCore = 1_000_000_000;

    public static CreateContainerParameters Of(
        InstanceSpec spec, DockerOptions options, DockerOCIImageConfig? image, EngineTraits engine, long? hardOpenFiles)
    {
        var names = new HomeNames(options.HomeId);
        // An image without a user means root, and root in a container is one kernel bug away from root on the host. Files that
        // only root may write are the price; a Dockerfile that wants to write beside its app names a USER. Where the common web
        // servers write is made writable.
        var imageUser = image?.User ?? "";
        var isRoot = IsRoot(imageUser);
        return new()
        {
            Name = names.Container(spec.Id),
            Image = spec.Image,
            User = isRoot ? options.RunAs : imageUser,
            Env = [.. Environment(spec, image, isRoot)],
            Labels = ContainerLabels.Of(options.HomeId, spec),
            StopTimeout = options.StopGrace,
            // Health is asked from outside; an image's own check would only cost an exec every few seconds.
            Healthcheck = new() { Test = ["NONE"] },
            HostConfig = Host(spec, options, isRoot ? [.. ServerFolders.Of(image)] : [], engine, hardOpenFiles),
        };
    }

    public static string NetworkOf(InstanceSpec spec, string home) => spec.IsApart ? new HomeNames(home).ProjectNetwork(spec.Project) : new HomeNames(home).ServeNetwork;

    internal static bool IsRoot(string user) =>
        user.Split(':')[0].Trim() is var name && (name is "" or "root" || (long.TryParse(name, out var uid) && uid == 0));

    private static HostConfig Host(InstanceSpec spec, DockerOptions options, IReadOnlyList<string> folders, EngineTraits engine, long? hardOpenFiles)
    {
        var memory = Math.Max(spec.Limits.MemoryBytes, LeastMemory);
        return new()
        {
            NetworkMode = NetworkOf(spec, options.HomeId),
            // The reconciler owns restarts.
            RestartPolicy = new() { Name = RestartPolicyKind.No },
            CapDrop = ["ALL"],
            SecurityOpt = ["no-new-privileges"],
            PidsLimit = spec.Limits.Pids,
            Memory = memory,
            MemorySwap = memory + LeastSwap,
            // More than the host has is an error to the engine.
            NanoCPUs = (long)(Math.Clamp(spec.Limits.Cpus, 0.01, engine.Cores) * NanosPerCore),
            Init = engine.HasInit,
            Tmpfs = Folders(folders.Where(folder => spec.Volumes.All(v => v.Path != folder)), options),
            Mounts = [.. spec.Volumes.Select(v => Mount(v, spec.Project, options))],
            LogConfig = new()
            {
                Type = "json-file",
                Config = new Dictionary<string, string>
                {
                    ["max-size"] = $"{options.LogFileMegabytes}m",
                    ["max-file"] = options.LogFiles.ToString(),
                },
            },
            // Asking for more than the host's hard limit fails the start where the engine lacks CAP_SYS_RESOURCE.
            Ulimits = hardOpenFiles >= options.OpenFiles
                ? [new() { Name = "nofile", Soft = options.OpenFiles, Hard = options.OpenFiles }]
                : [],
        };
    }

    /// <summary>One without a source is made with the container and removed with it.</summary>
    private static Mount Mount(VolumeMount volume, ProjectId project, DockerOptions options) => new()
    {
        Type = "volume",
        Source = volume.Name is { } name ? new HomeNames(options.HomeId).Volume(project, name) : null,
        Target = volume.Path,
    };

    private static Dictionary<string, string> Folders(IEnumerable<string> folders, DockerOptions options)
    {
        var size = $"rw,exec,nosuid,nodev,size={options.TmpMegabytes}m";
        // A folder that the image has keeps its mode under older versions of runc, whatever is asked: so it is given an owner.
        var (uid, gid) = options.RunAs.Split(':') is [var user, var group] ? (user, group) : ("0", "0");
        var mounts = folders.ToDictionary(folder => folder, _ => $"{size},mode=755,uid={uid},gid={gid}");
        mounts["/tmp"] = $"{size},mode=1777";
        return mounts;
    }

    private static IEnumerable<string> Environment(InstanceSpec spec, DockerOCIImageConfig? image, bool isRoot)
    {
        var hasHome = spec.Environment.ContainsKey("HOME") ||
            image?.Env?.Any(variable => variable.StartsWith("HOME=", StringComparison.Ordinal)) == true;
        // Our number has no entry in the image's passwd, so the engine would say HOME=/, where nothing can be written.
        if (isRoot && !hasHome) yield return "HOME=/tmp";

        foreach (var (name, value) in spec.Environment)
            yield return $"{name}={value}";
    }
}
