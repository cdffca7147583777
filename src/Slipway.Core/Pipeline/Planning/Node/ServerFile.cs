using System.Text.RegularExpressions;

namespace Slipway.Core.Pipeline.Planning.Node;

/// <summary>The file that a server begins with, where no script starts it: <c>main</c>, what the development script watches, or a
/// file of a usual name.</summary>
internal static partial class ServerFile
{
    private static readonly string[] Folders = ["", "src/"];
    private static readonly string[] Names = ["index", "server", "app", "main"];
    private static readonly string[] JavaScript = Named("js", "mjs", "cjs");
    private static readonly string[] TypeScript = Named("ts", "mts", "cts");

    // Node strips types by itself from 22.18 on, and we take the newest of a major.
    private const int FirstWithTypes = 22;

    /// <summary>Null when there is none, or none that can be run.</summary>
    public static StartCommand? Find(NodeApp app) => Main(app) ?? Watched(app) ?? Usual(app);

    private static StartCommand? Main(NodeApp app)
    {
        if (app.Manifest.Main is not { } main || SourcePath.Normalize(main) is not { Length: > 0 } file) return null;
        foreach (var candidate in new[] { file, file + ".js", file + "/index.js" })
            if (app.FileExists(candidate)) return Run(app, candidate, new(app.ManifestPath, $"main {candidate}"));
        // Not in the source: the build writes it, and Node finds the ending itself. Without a folder it is what npm init wrote.
        return app.Manifest.Script("build") is null || !file.Contains('/') ? null : Run(app, file, new(app.ManifestPath, $"main {file}, which the build script is to write"));
    }

    private static StartCommand? Watched(NodeApp app)
    {
        foreach (var name in new[] { "dev", "develop", "start:dev", "watch" })
        {
            var file = Watch().Match(app.Manifest.Script(name) ?? "").Groups["file"].Value;
            if (SourcePath.Normalize(file) is { Length: > 0 } path && app.FileExists(path))
                return Run(app, path, new(app.ManifestPath, $"no start script: the file of the {name} script"));
        }

        return null;
    }

    private static StartCommand? Usual(NodeApp app) =>
        JavaScript.Concat(TypeScript).FirstOrDefault(app.FileExists) is { } file
            ? Run(app, file, new(SourcePath.Join(app.Root, file), "no start script: a server by its name")) : null;

    private static StartCommand? Run(NodeApp app, string file, PlanEvidence evidence)
    {
        // A file whose name begins with a dash is not an option of node's.
        var argument = file.StartsWith('-') ? "./" + file : file;
        if (!IsTypeScript().IsMatch(file)) return new(["node", argument], evidence);
        if (app.Has("tsx")) return new(["node", "--import", "tsx", argument], evidence, NeedsDevelopmentPackages: app.Manifest.DevelopmentDependencies.Contains("tsx"));
        if (app.PackageManager is { Name: "bun", Package: { } bun }) return new(["bun", argument], evidence, [bun]);
        return app.Node.Major >= FirstWithTypes ? new(["node", argument], evidence) : null;
    }

    private static string[] Named(params string[] endings) =>
        [.. from folder in Folders
            from name in Names
            from ending in endings
            select $"{folder}{name}.{ending}"];

    [GeneratedRegex(@"\.[cm]?ts$")]
    private static partial Regex IsTypeScript();

    [GeneratedRegex(@"^\s*(NODE_ENV=\w+\s+)?(npx\s+)?(nodemon|tsx|ts-node|ts-node-dev|node|bun)\s(?:.*\s)?[""']?(?<file>[\w./-]+\.[cm]?[jt]s)[""']?\s*$", RegexOptions.ExplicitCapture)]
    private static partial Regex Watch();
}
