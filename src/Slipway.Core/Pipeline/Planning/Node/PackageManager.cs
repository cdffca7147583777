using System.Diagnostics;

namespace Slipway.Core.Pipeline.Planning.Node;

internal enum PackageManagerKind { Npm, Pnpm, YarnClassic, YarnBerry, Bun }

/// <summary>A package manager and its words for what a build needs. Commands hold nothing of the repository's but a checked version.</summary>
/// <param name="Version">What to install from npm, a version or a major; null: the one of the image.</param>
/// <param name="Lockfile">Name of the lockfile it reads; null when the repository has none of it.</param>
internal sealed record PackageManager(PackageManagerKind Kind, string? Version, string? Lockfile)
{
    public string Name => Kind switch
    {
        PackageManagerKind.Npm => "npm",
        PackageManagerKind.Pnpm => "pnpm",
        PackageManagerKind.YarnClassic or PackageManagerKind.YarnBerry => "yarn",
        PackageManagerKind.Bun => "bun",
        _ => throw new UnreachableException(),
    };

    /// <summary>Its npm package; null when the image's own npm will do.</summary>
    public string? Package => (Kind, Version) switch
    {
        (_, null) => null,
        (PackageManagerKind.YarnBerry, _) => $"@yarnpkg/cli-dist@{Version}",
        _ => $"{Name}@{Version}",
    };

    public string CacheMount => "type=cache,id=" + Kind switch
    {
        PackageManagerKind.Npm => NpmCache,
        PackageManagerKind.Pnpm => "pnpm,target=/pnpm/store",
        PackageManagerKind.YarnClassic => "yarn,target=/root/.cache/yarn",
        PackageManagerKind.YarnBerry => "yarn-berry,target=/root/.yarn/berry/cache",
        PackageManagerKind.Bun => "bun,target=/root/.bun/install/cache",
        _ => throw new UnreachableException(),
    };

    public const string NpmCache = "npm,target=/root/.npm";

    /// <summary>
    /// Settings that hold in the build stage only. pnpm 11 reads its own prefix and no longer npm's. It is the version asked for, so
    /// it need not fetch itself, which pnpm 12 refuses to do where the lockfile does not name it.
    /// </summary>
    public string[] Environment => Kind switch
    {
        PackageManagerKind.Pnpm => ["npm_config_store_dir=/pnpm/store", "npm_config_manage_package_manager_versions=false", "pnpm_config_store_dir=/pnpm/store", "pnpm_config_pm_on_fail=ignore"],
        PackageManagerKind.YarnClassic => ["YARN_CACHE_FOLDER=/root/.cache/yarn"],
        // Plug'n'Play would leave the packages in the cache, which is no part of the image.
        PackageManagerKind.YarnBerry => ["YARN_NODE_LINKER=node-modules", "YARN_ENABLE_TELEMETRY=0", "YARN_ENABLE_GLOBAL_CACHE=1"],
        _ => [],
    };

    /// <summary>As a person would type it; what the plan shows.</summary>
    public string Install => Kind switch
    {
        PackageManagerKind.Npm => Lockfile is null ? "npm install" : "npm ci",
        PackageManagerKind.YarnBerry => Lockfile is null ? "yarn install" : "yarn install --immutable",
        _ => $"{Name} install" + (Lockfile is null ? "" : " --frozen-lockfile"),
    };

    /// <summary>
    /// The step itself. npm writes locks that its next version calls out of sync (EUSAGE); only that is worth a second try,
    /// for a package that does not build would not build again either.
    /// </summary>
    public string InstallStep => Kind switch
    {
        PackageManagerKind.Npm when Lockfile is not null =>
            "npm ci --logs-dir=/tmp/npm || { grep -qsr 'code EUSAGE' /tmp/npm"
            + $" && echo 'warning: {Lockfile} does not match package.json, so this is not what was locked: npm install' && npm install; }}",
        PackageManagerKind.YarnBerry when Lockfile is null => "YARN_ENABLE_IMMUTABLE_INSTALLS=false yarn install",
        PackageManagerKind.Pnpm when Lockfile is null => "pnpm install --no-frozen-lockfile",
        _ => Install,
    };

    /// <summary>Drops what only the build needed; null where the manager cannot.</summary>
    public string? Prune(bool isWorkspace) => Kind switch
    {
        PackageManagerKind.Npm => "npm prune --omit=dev",
        PackageManagerKind.Pnpm when isWorkspace => $"CI=true pnpm install --prod {(Lockfile is null ? "--no-frozen-lockfile" : "--frozen-lockfile")} --ignore-scripts --prefer-offline",
        PackageManagerKind.Pnpm => "CI=true pnpm prune --prod --ignore-scripts",
        PackageManagerKind.YarnClassic => "yarn install --production --ignore-scripts --prefer-offline",
        PackageManagerKind.YarnBerry when IsAtLeast(4) => "yarn workspaces focus --all --production",
        PackageManagerKind.YarnBerry => null,
        // bun has no prune, and its install leaves what is there.
        PackageManagerKind.Bun => $"rm -rf node_modules && bun install --production{(Lockfile is null ? "" : " --frozen-lockfile")}",
        _ => throw new UnreachableException(),
    };

    public string Run(string script) => $"{Name} run {script}";

    /// <summary>A program of the app's packages, with arguments of ours.</summary>
    public string Execute(string command) => Kind switch
    {
        PackageManagerKind.Npm => $"npx {command}",
        PackageManagerKind.Bun => $"bunx {command}",
        PackageManagerKind.Pnpm => $"pnpm exec {command}",
        _ => $"yarn run {command}",
    };

    private bool IsAtLeast(int major) => Version is null || int.Parse(Version.Split('.')[0]) >= major;
}
