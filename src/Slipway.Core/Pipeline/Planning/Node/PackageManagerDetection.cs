using System.Text.RegularExpressions;
using Slipway.Core.Pipeline.Sourcing;

namespace Slipway.Core.Pipeline.Planning.Node;

/// <summary>What the repository says it is installed with: <c>packageManager</c>, <c>devEngines</c>, then lockfiles.</summary>
internal static partial class PackageManagerDetection
{
    /// <summary>Strongest first, where several lie side by side.</summary>
    private static readonly (string File, string Manager)[] Lockfiles =
    [
        ("pnpm-lock.yaml", "pnpm"), ("bun.lock", "bun"), ("bun.lockb", "bun"), ("yarn.lock", "yarn"), ("npm-shrinkwrap.json", "npm"), ("package-lock.json", "npm"),
    ];

    public static bool HasLockfile(ISourceTree tree, string folder) =>
        Lockfiles.Any(l => tree.FileExists(SourcePath.Join(folder, l.File)));

    /// <param name="folder">Where the install runs.</param>
    /// <param name="manifests">The app's package.json first, then the workspace's.</param>
    public static (PackageManager Manager, IReadOnlyList<PlanEvidence> Evidence, IReadOnlyList<string> Warnings) Detect(
        ISourceTree tree, string folder, IReadOnlyList<(string Path, PackageManifest Manifest)> manifests)
    {
        var warnings = new List<string>();
        var locks = Lockfiles.Where(l => tree.FileExists(SourcePath.Join(folder, l.File))).ToList();
        var (name, version, evidence) = Asked(manifests, warnings);
        if (name is null)
        {
            name = locks.Count > 0 ? locks[0].Manager : "npm";
            evidence = locks.Count > 0 ? new(SourcePath.Join(folder, locks[0].File), $"lockfile of {name}") : new(manifests[0].Path, "no lockfile: npm");
        }

        var lockfile = locks.Where(l => l.Manager == name).Select(l => l.File).FirstOrDefault();
        var others = locks.Where(l => l.Manager != name).Select(l => l.File).ToList();
        if (others.Count > 0)
            warnings.Add($"Several lockfiles or none of {name}'s: {string.Join(", ", others)} {(others.Count == 1 ? "was" : "were")} ignored, because {evidence.File} says {name}. Delete what is not used.");
        if (lockfile is null) warnings.Add($"There is no lockfile of {name}: each build may get other versions. Commit one.");

        var text = lockfile is null or "bun.lockb" ? null : tree.ReadText(SourcePath.Join(folder, lockfile));
        return (Make(name, version, lockfile, text, tree, folder, manifests, warnings), [evidence], warnings);
    }

    private static (string? Name, string? Version, PlanEvidence Evidence) Asked(IReadOnlyList<(string Path, PackageManifest Manifest)> manifests, List<string> warnings)
    {
        foreach (var (path, manifest) in manifests)
        {
            if (manifest.PackageManager is not { } text) continue;
            if (PackageManagerField().Match(text) is { Success: true } match)
            {
                var version = match.Groups["version"] is { Success: true, Value: var found } ? found : null;
                return (match.Groups["name"].Value, version, new(path, $"packageManager {match.Groups["name"].Value}{(version is null ? "" : "@" + version)}"));
            }

            warnings.Add($"packageManager in {path} names none of npm, pnpm, yarn and bun at a version; it was ignored.");
        }

        foreach (var (path, manifest) in manifests)
            if (manifest.DevelopmentEngine("packageManager") is { Name: "npm" or "pnpm" or "yarn" or "bun" } engine)
                return (engine.Name, VersionOf(engine.Version), new(path, $"devEngines.packageManager {engine.Name}"));
        return (null, null, new("", ""));
    }

    /// <summary>A range becomes its least major: newer ones may not read the lockfile.</summary>
    private static string? VersionOf(string? range) =>
        range is null ? null
        : ExactVersion().IsMatch(range) ? range
        : SemverRange.Parse(range)?.Floor is { Major: > 0 and < int.MaxValue } floor ? $"{floor.Major}" : null;

    private static PackageManager Make(
        string name, string? version, string? lockfile, string? text, ISourceTree tree, string folder,
        IReadOnlyList<(string Path, PackageManifest Manifest)> manifests, List<string> warnings)
    {
        switch (name)
        {
            case "npm":
                return new(PackageManagerKind.Npm, version, lockfile);
            case "bun":
                return new(PackageManagerKind.Bun, version ?? "1", lockfile);
            case "pnpm":
                return new(PackageManagerKind.Pnpm, version ?? PnpmMajor(text, manifests, warnings), lockfile);
            default:
                var isBerry = version is not null ? !version.StartsWith('1')
                    : text is not null ? text.Contains("__metadata:", StringComparison.Ordinal)
                    : tree.FileExists(SourcePath.Join(folder, ".yarnrc.yml"));
                return isBerry
                    ? new(PackageManagerKind.YarnBerry, version ?? BerryMajor(text), lockfile)
                    : new(PackageManagerKind.YarnClassic, version ?? "1", lockfile);
        }
    }

    /// <summary>Several majors write the same format; <c>engines.pnpm</c> may tell, and pnpm refuses to run where it is not met.</summary>
    private static string PnpmMajor(string? lockfile, IReadOnlyList<(string Path, PackageManifest Manifest)> manifests, List<string> warnings)
    {
        int[] candidates = (lockfile is null ? "" : PnpmLockVersion().Match(lockfile).Groups[1].Value) switch
        {
            "5.3" => [6],
            "5.4" => [7],
            ['6', ..] => [8],
            _ => [10, 9, 11, 12],
        };
        foreach (var (path, manifest) in manifests)
        {
            if (manifest.Engine("pnpm") is not { } engine || SemverRange.Parse(engine) is not { } range) continue;
            foreach (var major in candidates)
                if (!range.Intersect(SemverRange.Major(major)).IsEmpty) return $"{major}";
            warnings.Add($"engines.pnpm in {path} does not fit the lockfile, which is pnpm {candidates[0]}'s. Say the version in packageManager.");
        }

        return $"{candidates[0]}";
    }

    private static string BerryMajor(string? lockfile) =>
        (lockfile is null ? "" : BerryLockVersion().Match(lockfile).Groups[1].Value) switch { "4" or "5" => "2", "6" or "7" => "3", _ => "4" };

    [GeneratedRegex(@"^(?<name>npm|pnpm|yarn|bun)(@\^?(?<version>[0-9]+(\.[0-9]+){0,2}(-[0-9A-Za-z.-]+)?)(\+.*)?)?$", RegexOptions.ExplicitCapture)]
    private static partial Regex PackageManagerField();

    [GeneratedRegex(@"^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$")]
    private static partial Regex ExactVersion();

    [GeneratedRegex(@"^lockfileVersion:\s*['""]?([0-9.]+)", RegexOptions.Multiline)]
    private static partial Regex PnpmLockVersion();

    [GeneratedRegex(@"^__metadata:\s*\n\s+version:\s*([0-9]+)", RegexOptions.Multiline)]
    private static partial Regex BerryLockVersion();
}
