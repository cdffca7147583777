using System.Runtime.InteropServices;
using Slipway.Core.Pipeline.Planning;

namespace Slipway.Docker.BaseImages;

/// <summary>The .NET of this machine, as far as an image of one kind and version needs it.</summary>
/// <param name="Folders">Below <paramref name="Root"/>, without the muxer itself.</param>
internal sealed record HostDotnet(string Root, string Version, IReadOnlyList<string> Folders)
{
    private const string Core = "Microsoft.NETCore.App";
    private const string AspNet = "Microsoft.AspNetCore.App";

    public static HostDotnet Find(BaseImageKind kind, string wanted) => Find(kind, wanted, Roots());

    internal static HostDotnet Find(BaseImageKind kind, string wanted, IEnumerable<string> roots)
    {
        foreach (var root in roots.Where(root => File.Exists(Path.Combine(root, "dotnet"))))
        {
            var version = Newest(Path.Combine(root, kind == BaseImageKind.DotnetSdk ? "sdk" : $"shared/{(kind == BaseImageKind.DotnetAspNet ? AspNet : Core)}"), wanted);
            if (version is not null) return new(root, version, [.. Needed(root, kind, version)]);
        }

        throw new NotOnThisHostException($"it is packed from this machine's own .NET, and no {wanted} is installed here", "install that .NET on this machine, or give it a registry");
    }

    private static IEnumerable<string> Needed(string root, BaseImageKind kind, string version)
    {
        yield return "host";
        if (kind == BaseImageKind.DotnetSdk)
        {
            // Its own runtimes are of another number, and what it targets lies beside them.
            yield return $"sdk/{version}";
            foreach (var folder in (string[])["shared", "packs", "templates", "sdk-manifests"])
                if (Directory.Exists(Path.Combine(root, folder))) yield return folder;
            yield break;
        }

        yield return $"shared/{Core}/{version}";
        if (kind == BaseImageKind.DotnetAspNet) yield return $"shared/{AspNet}/{version}";
    }

    /// <summary><c>10.0</c> allows 10.0.12, as in the official tags.</summary>
    private static string? Newest(string folder, string wanted) => !Directory.Exists(folder) ? null : Directory.EnumerateDirectories(folder).Select(Path.GetFileName).OfType<string>()
        .Where(name => name == wanted || name.StartsWith(wanted + ".", StringComparison.Ordinal)).MaxBy(name => System.Version.TryParse(name, out var version) ? version : new());

    private static IEnumerable<string> Roots()
    {
        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } set) yield return set;
        // Where the runtime lies that runs this.
        yield return Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        yield return "/usr/share/dotnet";
        yield return "/usr/lib/dotnet";
    }
}
