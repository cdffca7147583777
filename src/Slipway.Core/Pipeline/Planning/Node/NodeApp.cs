using Slipway.Core.Pipeline.Sourcing;

namespace Slipway.Core.Pipeline.Planning.Node;

/// <summary>An app with a package.json: what is in it, what installs it and what runs it.</summary>
/// <param name="Root">The app's folder.</param>
/// <param name="InstallFolder">Where the install runs: the workspace's root, or the app's folder.</param>
/// <param name="NeedsBuildTools">A compiler, git (<see cref="BuildTools"/>).</param>
internal sealed record NodeApp(
    ISourceTree Tree, string Root, PackageManifest Manifest, Workspace? Workspace, string InstallFolder,
    PackageManager PackageManager, NodeVersion Node, bool NeedsBuildTools, IReadOnlyList<PlanEvidence> Evidence, IReadOnlyList<string> Warnings)
{
    public string ManifestPath => SourcePath.Join(Root, "package.json");

    /// <summary>Every package.json that the install reads, the app's first.</summary>
    public IEnumerable<PackageManifest> Manifests =>
        Workspace is null ? [Manifest] : [Manifest, .. Workspace.Members.Where(m => m.Folder != Root).Select(m => m.Manifest), .. Workspace.Manifest is { } root ? [root] : Array.Empty<PackageManifest>()];

    public bool HasDependencies => Manifests.Any(m => m.AllDependencies.Any());

    public bool HasDevelopmentDependencies => Manifests.Any(m => m.DevelopmentDependencies.Count > 0);

    /// <summary>Null without a package.json.</summary>
    public static Outcome<NodeApp?> Read(ISourceTree tree, string root)
    {
        var path = SourcePath.Join(root, "package.json");
        if (!tree.FileExists(path)) return default(NodeApp);
        var parsed = PackageManifest.Parse(tree.ReadText(path), path);
        if (parsed.IsFailure(out var failure)) return failure;

        var manifest = parsed.Value;
        var workspace = Workspace.Find(tree, root);
        // A member with a lockfile of its own is installed by itself.
        if (workspace is not null && workspace.Root != root && PackageManagerDetection.HasLockfile(tree, root)) workspace = null;
        var folder = workspace?.Root ?? root;
        List<(string, PackageManifest)> manifests = [(path, manifest)];
        if (folder != root && workspace?.Manifest is { } top) manifests.Add((SourcePath.Join(folder, "package.json"), top));

        var (manager, managerEvidence, managerWarnings) = PackageManagerDetection.Detect(tree, folder, manifests);
        var node = NodeVersion.Detect(tree, root, manifests);
        List<PlanEvidence> evidence = [.. managerEvidence, .. node.Evidence];
        if (folder != root) evidence.Add(new(SourcePath.Join(folder, "package.json"), $"workspace: installed in {(folder.Length == 0 ? "the source" : folder)}"));
        var tools = BuildTools.NeededBy(tree, folder, manager.Lockfile, manifests);
        if (tools is not null) evidence.Add(tools);
        return new NodeApp(tree, root, manifest, workspace, folder, manager, node, tools is not null, evidence, [.. managerWarnings, .. node.Warnings]);
    }

    public bool Has(string dependency) => Manifest.Has(dependency);

    public bool FileExists(string name) => Tree.FileExists(SourcePath.Join(Root, name));

    public string? ReadText(string name) => Tree.ReadText(SourcePath.Join(Root, name));

    /// <summary>The text of <c>vite.config.ts</c> and its kind, whatever the ending.</summary>
    public string? ReadConfig(string stem)
    {
        string[] endings = ["ts", "mts", "js", "mjs", "cjs", "cts"];
        return endings.Select(ending => ReadText($"{stem}.{ending}")).FirstOrDefault(text => text is not null);
    }
}
