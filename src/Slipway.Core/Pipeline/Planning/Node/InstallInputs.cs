using System.Text.RegularExpressions;

namespace Slipway.Core.Pipeline.Planning.Node;

/// <summary>
/// Which files an install reads, so that they can be copied before it and a changed source file does not repeat it.
/// </summary>
/// <param name="Copies">Sources (from the context) and target (from the install folder), a COPY each.</param>
internal sealed partial record InstallInputs(IReadOnlyList<(IReadOnlyList<string> Sources, string Target)> Copies)
{
    /// <summary>Each COPY is a layer, of which an image may have 127.</summary>
    private const int MaxCopies = 40;

    private static readonly string[] Files =
    [
        "package.json", "package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "pnpm-workspace.yaml", ".pnpmfile.cjs", "yarn.lock", ".yarnrc", ".yarnrc.yml",
        "bun.lock", "bun.lockb", "bunfig.toml", ".npmrc",
    ];

    private static readonly string[] Hooks = ["preinstall", "install", "postinstall", "prepublish", "preprepare", "prepare", "postprepare"];

    /// <summary>Null: the install may read anything, so everything is copied first.</summary>
    public static InstallInputs? Of(NodeApp app)
    {
        if (app.Manifests.Any(ReadsMore)) return null;
        var files = Files.Where(f => app.Tree.FileExists(SourcePath.Join(app.InstallFolder, f))).Select(f => SourcePath.Join(app.InstallFolder, f)).ToList();
        List<(IReadOnlyList<string>, string)> copies = [(files, "./")];
        foreach (var folder in new[] { ".yarn", "patches" }) AddFolder(app.InstallFolder, folder);
        if (app.Manifests.Any(m => m.Has("prisma") || m.Has("@prisma/client")))
        {
            AddFolder(app.InstallFolder, "prisma");
            foreach (var member in app.Workspace?.Members ?? []) AddFolder(member.Folder, "prisma");
        }

        foreach (var member in app.Workspace?.Members ?? [])
            copies.Add(([SourcePath.Join(member.Folder, "package.json")], SourcePath.RelativeTo(app.InstallFolder, member.Folder) + "/"));
        return copies.Count <= MaxCopies && copies.TrueForAll(c => c.Item1.All(Shell.IsPlain) && Shell.IsPlain(c.Item2)) ? new(copies) : null;

        void AddFolder(string parent, string name)
        {
            var path = SourcePath.Join(parent, name);
            if (app.Tree.DirectoryExists(path)) copies.Add(([path], SourcePath.RelativeTo(app.InstallFolder, path) + "/"));
        }
    }

    private static bool ReadsMore(PackageManifest manifest) =>
        Hooks.Any(hook => manifest.Script(hook) is { } script && !HarmlessHook().IsMatch(script))
        || manifest.AllDependencies.Any(d => LocalFile().IsMatch(d.Value))
        || manifest.Patches.Any(p => !p.StartsWith("patches/", StringComparison.Ordinal));

    /// <summary>What reads nothing but what is copied anyway.</summary>
    [GeneratedRegex(@"^\s*(husky( install)?|(npx (-y )?)?only-allow \w+|patch-package|prisma generate)\s*$")]
    private static partial Regex HarmlessHook();

    [GeneratedRegex(@"^(file|link|portal):|^\.{0,2}/")]
    private static partial Regex LocalFile();
}
