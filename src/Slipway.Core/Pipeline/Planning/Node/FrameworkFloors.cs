namespace Slipway.Core.Pipeline.Planning.Node;

/// <summary>Least Nodes of frameworks that refuse or fail below them. From the engines of their published packages.</summary>
internal static class FrameworkFloors
{
    private static readonly (string Dependency, int Major, string Node)[] Floors =
    [
        ("next", 16, ">=20.9.0"), ("next", 15, ">=18.18.0"), ("vite", 7, "^20.19.0 || >=22.12.0"), ("nuxt", 4, "^20.19.0 || >=22.12.0"),
        ("astro", 7, ">=22.12.0"), ("@angular/core", 22, ">=22.22.0"), ("@sveltejs/kit", 3, ">=22.17.0"), ("@react-router/dev", 8, ">=22.22.0"), ("@solidjs/start", 2, ">=24.0.0"),
    ];

    /// <summary>By the least version that the manifest allows, the newest floor of each; <c>latest</c> and the like get the newest.</summary>
    public static IEnumerable<(string Dependency, string Node)> Of(PackageManifest manifest) =>
        from floor in Floors
        let wanted = manifest.VersionOf(floor.Dependency)
        where wanted is not null && (SemverRange.Parse(wanted)?.Floor is { Major: > 0 } least ? least.Major >= floor.Major : wanted is "*" or "latest" or "next" or "canary")
        group floor by floor.Dependency into floors
        select (floors.Key, floors.MaxBy(f => f.Major).Node);
}
