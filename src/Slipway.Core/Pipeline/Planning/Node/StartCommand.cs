using System.Text.RegularExpressions;

namespace Slipway.Core.Pipeline.Planning.Node;

/// <summary>What starts a Node server.</summary>
/// <param name="Words">For CMD.</param>
/// <param name="Tools">npm packages that the image needs to run it; npm is there anyway.</param>
/// <param name="NeedsDevelopmentPackages">It runs a tool from devDependencies, so those stay.</param>
internal sealed partial record StartCommand(IReadOnlyList<string> Words, PlanEvidence Evidence, IReadOnlyList<string>? Tools = null, bool NeedsDevelopmentPackages = false)
{
    public string Display => string.Join(' ', Words);

    /// <summary>A start script, else the file that a server begins with (<see cref="ServerFile"/>); null when there is neither.</summary>
    public static StartCommand? Find(NodeApp app) => FromScript(app) ?? ServerFile.Find(app);

    public static StartCommand? FromScript(NodeApp app)
    {
        string[] names = ["start", "start:prod", "start:production", "prod", "serve:prod"];
        var scripts = names.Where(n => app.Manifest.Script(n) is not null).ToList();
        // A start script that watches files is for development; another may be for us.
        var name = scripts.FirstOrDefault(n => !Watches().IsMatch(app.Manifest.Script(n) ?? "")) ?? scripts.FirstOrDefault();
        return name is null ? null : Of(app, name, app.Manifest.Script(name) ?? "");
    }

    private static StartCommand Of(NodeApp app, string name, string script)
    {
        var evidence = new PlanEvidence(app.ManifestPath, $"{name} script");
        var hasHooks = app.Manifest.Script("pre" + name) is not null || app.Manifest.Script("post" + name) is not null;
        // Straight to node where it means the same: one process less, and SIGTERM reaches the app.
        if (!hasHooks && PlainNode().Match(script) is { Success: true } match)
            return new(["node", .. match.Groups["args"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)], evidence);

        var words = ScriptWords().Matches(script).Select(m => m.Value).ToHashSet();
        var needsDevelopment = app.Manifest.DevelopmentDependencies.Any(words.Contains);
        var tools = GlobalTools.CalledBy(app, name).ToList();
        // npm refuses to run a script where devEngines names another manager.
        if (app.PackageManager.Package is not { } own || app.Manifest.DevelopmentEngine("packageManager") is not { } engine || engine.Name == "npm")
            return new(["npm", "run", name], evidence, tools, needsDevelopment);
        return new([app.PackageManager.Name, "run", name], evidence, [own, .. tools.Where(t => t != own)], needsDevelopment);
    }

    [GeneratedRegex(@"^\s*(NODE_ENV=production\s+)?(exec\s+)?node(?<args>(\s+[A-Za-z0-9_./:@=,+-]+)+)\s*$", RegexOptions.ExplicitCapture)]
    private static partial Regex PlainNode();

    [GeneratedRegex(@"^\s*(nodemon|ts-node-dev|nest start|next dev|nuxt dev|astro dev|tsx watch|node --watch|vite(\s|$)|webpack)")]
    private static partial Regex Watches();

    [GeneratedRegex(@"[A-Za-z0-9@/._-]+")]
    private static partial Regex ScriptWords();
}
