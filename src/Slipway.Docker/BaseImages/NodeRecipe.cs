using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Slipway.Docker.BaseImages;

/// <summary>What goes where in Node and bun images: the binaries come from npm packages, which carry nothing else.</summary>
internal static class NodeRecipe
{
    // Raise it when what comes out changes for the same versions.
    private const string Recipe = "node/1";

    public static string NodePackage => $"node-linux-{(IsArm ? "arm64" : "x64")}";

    // bun's normal build dies of an illegal instruction on a processor without AVX2.
    public static string BunPackage => IsArm ? "@oven/bun-linux-aarch64" : Avx2.IsSupported ? "@oven/bun-linux-x64" : "@oven/bun-linux-x64-baseline";

    private static bool IsArm => RuntimeInformation.OSArchitecture == Architecture.Arm64;

    /// <summary>Pinned: a base image of an unchanged commit must not change because npm was released. Raise them on purpose.</summary>
    public static string NpmFor(ReleaseVersion node) => node switch
    {
        { Major: < 18 } => "8.19.4",
        _ when node.CompareTo(new(22, 9, 0)) < 0 => "10.9.9",
        _ => "11.21.2",
    };

    public const string Yarn = "1.22.22";

    public static string CorepackFor(ReleaseVersion node) => node.CompareTo(new(20, 10, 0)) < 0 ? "0.32.0" : "0.34.7";

    public static string Repository(NodeFlavour flavour) => flavour switch
    {
        NodeFlavour.Run => "slipway/node-run",
        NodeFlavour.Build => "slipway/node-build",
        NodeFlavour.OfficialSlim => "slipway/node-official-slim",
        NodeFlavour.Official => "slipway/node-official",
        _ => "slipway/node",
    };

    /// <summary>What official images are made of beside Node, on top of an image of ours.</summary>
    public static ImageTag OfficialTag(NodeFlavour flavour, ReleaseVersion node, ImageTag parent) =>
        ImageTag.Of(Repository(flavour), $"{node}", "official/1", $"{parent}", Yarn, CorepackFor(node));

    public static ImageTag OfficialBunTag(ImageTag parent) => ImageTag.Of("slipway/bun-official", ImageTag.LabelOf(parent.Tag), "official/1", $"{parent}");

    /// <summary>The first user's number is 1000 in all of them, and Dockerfiles write it.</summary>
    public static IList<string>[] AddUser(string name) =>
    [
        ["groupadd", "--gid", "1000", name],
        ["useradd", "--uid", "1000", "--gid", name, "--shell", "/bin/bash", "--create-home", name],
    ];

    public static ImageTag NodeTag(NodeFlavour flavour, ReleaseVersion node, ImageTag debian) => flavour switch
    {
        NodeFlavour.Run => ImageTag.Of(Repository(flavour), $"{node}", Recipe, $"{debian}"),
        _ => ImageTag.Of(Repository(flavour), $"{node}", Recipe, $"{debian}", NpmFor(node)),
    };

    public static ImageTag BunTag(ReleaseVersion bun, ReleaseVersion node, ImageTag nodeImage) =>
        ImageTag.Of("slipway/bun", $"{bun}-node{node}", Recipe, BunPackage, $"{nodeImage}");

    public static string? PlaceNode(string path) => path == "bin/node" ? "usr/local/bin/node" : null;

    public static string? PlaceNodeAndHeaders(string path) =>
        path.StartsWith("include/", StringComparison.Ordinal) ? "usr/local/" + path : PlaceNode(path);

    public static Func<string, string?> Place(string package) => path => $"usr/local/lib/node_modules/{package}/{path}";

    public static string? PlaceBun(string path) => path == "bin/bun" ? "usr/local/bin/bun" : null;
}
