using System.Text.RegularExpressions;
using Slipway.Core.Pipeline.Planning.Dockerfiles;
using Slipway.Core.Pipeline.Planning.Node;

namespace Slipway.Core.Pipeline.Planning.Providers;

/// <summary>
/// Next.js as its standalone server: the files that tracing finds and no more, a seventh of the image and half of the memory.
/// <c>NEXT_PRIVATE_STANDALONE</c> asks for it without an edit of next.config; an <c>output</c> set there wins.
/// </summary>
internal sealed partial class NextProvider : IPlanProvider
{
    private static readonly Version FirstStandalone = new(13, 5, 0);

    public Outcome<BuildPlan>? TryPlan(PlanInput input)
    {
        if (input.Node is not { } app || !app.Has("next")) return null;
        var config = StripComments(app.ReadConfig("next.config") ?? "");
        var folder = SourcePath.Normalize(OutputFolder().Match(config) is { Success: true } match ? match.Groups["folder"].Value : ".next") is { Length: > 0 } own ? own : ".next";
        List<PlanEvidence> evidence = [new(app.ManifestPath, "depends on next")];
        var build = BuildCommands.Of(app, "next build");

        if (IsExport().IsMatch(config))
        {
            evidence.Add(new(SourcePath.Join(app.Root, "next.config"), "output: 'export': files, no server"));
            return StaticImage.Plan("next", "Next.js", app, input.Options, build, folder == ".next" ? "out" : folder, isSpa: false, evidence, null, "NEXT_TELEMETRY_DISABLED=1");
        }

        if (StartCommand.FromScript(app) is { } start && IsCustomServer().IsMatch(app.Manifest.Script("start") ?? ""))
        {
            evidence.Add(new(app.ManifestPath, "start script: a server of its own, so all packages stay"));
            return WithEvidence(NodeServer.Plan("next", "Next.js", input, app, start, build, "NEXT_TELEMETRY_DISABLED=1"), evidence);
        }

        if (SemverRange.Parse(app.Manifest.VersionOf("next") ?? "")?.Floor is { } floor && floor < FirstStandalone)
        {
            evidence.Add(new(app.ManifestPath, "older than 13.5: next start, with all packages"));
            var next = new StartCommand(["node", "node_modules/next/dist/bin/next", "start"], evidence[^1]);
            return WithEvidence(NodeServer.Plan("next", "Next.js", input, app, next, build, "NEXT_TELEMETRY_DISABLED=1"), evidence);
        }

        return Standalone(input, app, build, folder, evidence);
    }

    private static BuildPlan Standalone(PlanInput input, NodeApp app, IReadOnlyList<string> build, string folder, List<PlanEvidence> evidence)
    {
        var stages = new NodeStages(app, input.Options);
        var dockerfile = new DockerfileWriter().Comment($"Next.js, built with {app.PackageManager.Name} on Node {app.Node.Tag}, run as its standalone server.");
        stages.Install(dockerfile, "build");
        var cache = stages.AppFolder + "/" + folder + "/cache";
        // A mount's target is read as Docker reads a word; where that would need escapes, go without.
        IReadOnlyList<string> mounts = Shell.IsPlain(cache) && !cache.Contains(',', StringComparison.Ordinal) ? [$"type=cache,id=next,target={cache}"] : [];
        stages.Build(dockerfile, [.. build, .. Gather(folder)], mounts, "NEXT_TELEMETRY_DISABLED=1", "NEXT_PRIVATE_STANDALONE=1");

        // Two layers: packages seldom change, so a redeploy sends the second alone.
        ServerImage.Open(dockerfile, app).Copy("/out/node_modules", "/app/node_modules", "build", own: true).Copy("/out/app", "/app", "build", own: true);
        string[] command = ["node", "server.js"];
        ServerImage.Close(dockerfile, NodeStages.Home, command);
        return WithEvidence(ServerImage.Plan("next", "Next.js", app, dockerfile, build, "node server.js"), evidence);
    }

    /// <summary>
    /// Splits the standalone folder into packages and the rest, and adds what it lacks. In a monorepo it holds the app below its
    /// path from the root that tracing chose, which no one but the build knows: the build id marks the place. server.js changes to
    /// its own real folder, so a link to it at a known place starts it.
    /// </summary>
    private static string[] Gather(string folder)
    {
        var next = Shell.Quote(folder);
        return
        [
            $"s=\"$PWD\"/{next}/standalone",
            $"{{ test -d \"$s\" || {{ echo 'next build left no standalone folder. Remove \"output\" from next.config, or set it to \"standalone\".'; exit 1; }}; }}",
            $"a=$(cd \"$s\" && find . -name node_modules -prune -o -path {Shell.Quote($"*/{folder}/BUILD_ID")} -print | head -n 1)",
            $"a=${{a%/{next}/BUILD_ID}}",
            $"cp -a {next}/static \"$s/$a\"/{next}/static",
            "if [ -d public ]; then rm -rf \"$s/$a/public\" && cp -a public \"$s/$a/public\"; fi",
            "if [ \"$a\" != . ]; then ln -s \"$a/server.js\" \"$s/server.js\"; fi",
            "mkdir -p /out/node_modules",
            "if [ -d \"$s/node_modules\" ]; then rmdir /out/node_modules && mv \"$s/node_modules\" /out/node_modules; fi",
            "mv \"$s\" /out/app",
        ];
    }

    private static BuildPlan WithEvidence(BuildPlan plan, List<PlanEvidence> evidence) => plan with { Evidence = [.. evidence, .. plan.Evidence] };

    private static string StripComments(string text) => Comments().Replace(text, " ");

    [GeneratedRegex(@"/\*.*?\*/|(?<![:'""])//[^\n]*", RegexOptions.Singleline)]
    private static partial Regex Comments();

    [GeneratedRegex(@"\boutput['""]?\s*[:=]\s*['""`]export['""`]")]
    private static partial Regex IsExport();

    [GeneratedRegex(@"\bdistDir['""]?\s*:\s*(['""`])(?<folder>[^'""`$]+)\1")]
    private static partial Regex OutputFolder();

    [GeneratedRegex(@"^(?!.*(next start|standalone))(.*\s)?(node|bun|tsx|ts-node|pm2|pm2-runtime)\s")]
    private static partial Regex IsCustomServer();
}
