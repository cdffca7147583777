using System.Text.RegularExpressions;
using Slipway.Core.Pipeline.Sourcing;

namespace Slipway.Core.Pipeline.Planning.Node;

/// <summary>
/// Whether an install needs more than Node: a compiler, for packages of native code that come without a binary (or whose binary is
/// at a place that may not be reached), or git, for packages that are a repository's. Official images have both; ours have them in
/// a flavour of their own, for they are large.
/// </summary>
internal static partial class BuildTools
{
    /// <summary>Packages that node-gyp or cmake builds on install, and the tools that do so for others. node-gyp itself is a person's way to ask.</summary>
    private static readonly HashSet<string> Compiled = new(StringComparer.Ordinal)
    {
        "node-gyp", "prebuild-install", "node-pre-gyp", "cmake-js", "cmake-ts", "install-artifact-from-github",
        "better-sqlite3", "better-sqlite3-multiple-ciphers", "sqlite3", "@journeyapps/sqlcipher", "libpq", "pg-native", "odbc", "ibm_db", "duckdb", "leveldown", "rocksdb", "hiredis",
        "bcrypt", "argon2", "scrypt", "kerberos", "mongodb-client-encryption", "node-sass", "canvas", "gl", "node-pty", "isolated-vm", "re2", "zeromq", "iconv", "node-expat",
        "libxmljs", "libxmljs2", "node-rdkafka", "@confluentinc/kafka-javascript", "grpc", "ffi-napi", "ref-napi", "deasync", "robotjs", "usb", "node-hid", "i2c-bus", "epoll", "pigpio",
        "microtime", "gc-stats", "heapdump", "v8-profiler-next", "@discordjs/opus", "node-opus", "erlpack", "zlib-sync", "speaker", "mediasoup", "@tensorflow/tfjs-node",
        "hnswlib-node", "faiss-node", "nodejieba", "farmhash", "murmurhash-native", "unix-dgram", "diskusage", "posix", "sleep", "bignum", "nodegit",
    };

    /// <summary>Null: Node and npm will do.</summary>
    public static PlanEvidence? NeededBy(ISourceTree tree, string folder, string? lockfile, IReadOnlyList<(string Path, PackageManifest Manifest)> manifests)
    {
        foreach (var (path, manifest) in manifests)
        {
            if (manifest.AllDependencies.Select(d => d.Key).FirstOrDefault(Compiled.Contains) is { } direct) return Compiles(path, direct);
            if (manifest.AllDependencies.FirstOrDefault(d => Repository().IsMatch(d.Value)).Key is { } cloned) return Clones(path, cloned);
        }

        // bun.lockb is binary.
        if (lockfile is null or "bun.lockb") return null;
        var file = SourcePath.Join(folder, lockfile);
        if (tree.ReadText(file) is not { } text) return null;
        if (LockedPackages.Read(lockfile, text).Where(Compiled.Contains).Order(StringComparer.Ordinal).FirstOrDefault() is { } locked) return Compiles(file, locked);
        return LockedRepository().IsMatch(text) ? Clones(file, "a package") : null;
    }

    private static PlanEvidence Compiles(string file, string package) => new(file, $"{package} may have to be compiled: a base with a compiler");

    private static PlanEvidence Clones(string file, string package) => new(file, $"{package} comes from a repository: a base with git");

    [GeneratedRegex(@"^(git(\+[a-z]+)?:|git@|github:|gitlab:|bitbucket:|gist:|[A-Za-z0-9][\w.-]*/[\w.-]+(#.*)?$)")]
    private static partial Regex Repository();

    [GeneratedRegex(@"git\+(ssh|https|http|file)://")]
    private static partial Regex LockedRepository();
}
