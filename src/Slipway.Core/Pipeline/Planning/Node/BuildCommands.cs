using System.Text.RegularExpressions;

namespace Slipway.Core.Pipeline.Planning.Node;

/// <summary>The commands of the build step, run in the app's folder. Scripts are run by name, never pasted.</summary>
internal static partial class BuildCommands
{
    /// <param name="fallback">The framework's own command where there is no build script; null: then there is no build.</param>
    public static IReadOnlyList<string> Of(NodeApp app, string? fallback)
    {
        var manager = app.PackageManager;
        if (app.Manifest.Script("build") is null) return fallback is null ? [.. Dependencies(app)] : [.. Dependencies(app), manager.Execute(fallback)];
        return Turbo(app) is { } turbo ? [turbo] : [.. Dependencies(app), manager.Run("build")];
    }

    /// <summary>Packages of the workspace that the app needs built before it.</summary>
    private static IEnumerable<string> Dependencies(NodeApp app) =>
        (app.Workspace?.DependenciesOf(app.Root) ?? [])
            .Where(m => m.Manifest.Script("build") is not null)
            .Select(m => $"(cd {Shell.Quote("/app/" + m.Folder)} && {app.PackageManager.Run("build")})");

    /// <summary>
    /// A workspace with turbo has stated its order there, which may hold more than builds. Turbo 2 hides undeclared variables from
    /// tasks, ours and the user's, unless told not to.
    /// </summary>
    private static string? Turbo(NodeApp app)
    {
        if (app.Workspace is not { } workspace || workspace.Root == app.Root || workspace.Manifest is not { } root || !root.Has("turbo")) return null;
        if (!app.Tree.FileExists(SourcePath.Join(workspace.Root, "turbo.json")) || app.Manifest.Name is not { } name || !PlainPackageName().IsMatch(name)) return null;
        var isOld = SemverRange.Parse(root.VersionOf("turbo") ?? "")?.Floor is { Major: 1 };
        return $"(cd {Shell.Quote("/app" + (workspace.Root.Length == 0 ? "" : "/" + workspace.Root))} && {app.PackageManager.Execute($"turbo run build --filter={name}{(isOld ? "" : " --env-mode=loose")}")})";
    }

    [GeneratedRegex(@"^(@[a-z0-9][a-z0-9._-]*/)?[a-z0-9][a-z0-9._-]*$")]
    private static partial Regex PlainPackageName();
}
