using Slipway.Core.Pipeline.Planning.Node;
using Slipway.Core.Pipeline.Planning.Providers;
using Slipway.Core.Pipeline.Sourcing;

namespace Slipway.Core.Pipeline.Planning;

/// <summary>Source → plan. Pure: it sees files only through the tree, and the same files give the same plan.</summary>
public static class Planner
{
    /// <summary>The port that an app is told to listen on.</summary>
    public const int DefaultPort = 3000;

    /// <summary>By the weight of what they go by; the first that knows the app plans it.</summary>
    private static readonly IPlanProvider[] Providers =
    [
        new DockerfileProvider(),
        new NextProvider(),
        new SsrProvider(),
        new NodeServerProvider(onlyFrameworks: true),
        new AngularProvider(),
        new StaticBuildProvider(),
        new NodeServerProvider(onlyFrameworks: false),
        new StaticProvider(),
    ];

    /// <summary>
    /// Failures: <c>plan.root_invalid</c>, <c>plan.root_missing</c>, <c>plan.no_provider</c>, <c>plan.no_start_command</c>,
    /// <c>plan.invalid_package_json</c>, <c>plan.adapter_unsupported</c>, <c>plan.dockerfile_unreadable</c>.
    /// </summary>
    public static Outcome<BuildPlan> Plan(ISourceTree tree, PlanOptions options)
    {
        if (options.EnvironmentHash is { } hash && !hash.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            throw new ArgumentException("The hash goes into a command, so it is letters and digits.", nameof(options));

        var asked = Root(tree, options);
        if (asked.IsFailure(out var failure)) return failure;
        var root = asked.Value;
        var node = NodeApp.Read(tree, root);
        // A person's own Dockerfile may well know what to do with such a package.json.
        if (node.IsFailure(out failure)) return new DockerfileProvider().TryPlan(new(tree, root, options, null)) ?? failure;

        var input = new PlanInput(tree, root, options, node.Value);
        foreach (var provider in Providers)
            if (provider.TryPlan(input) is { } outcome) return outcome;
        return Nothing(input);
    }

    /// <summary>The app's folder. Failures: <c>plan.root_invalid</c>, <c>plan.root_missing</c>.</summary>
    public static Outcome<string> Root(ISourceTree tree, PlanOptions options)
    {
        if (SourcePath.Normalize(options.RootDirectory?.Trim() ?? "") is not { } root)
            return new Failure("plan.root_invalid", "The root directory leads out of the source.", "Give it relative to the repository, such as apps/web.");
        return tree.DirectoryExists(root) ? root : new Failure("plan.root_missing", $"The root directory {root} is not in the source.", SimilarFolders(tree, root));
    }

    /// <summary>By the repository's own Dockerfile, which beats all guessing, whoever guesses; null: it has none.</summary>
    public static Outcome<BuildPlan>? ByOwnDockerfile(ISourceTree tree, string root, PlanOptions options) => new DockerfileProvider().TryPlan(new(tree, root, options, null));

    private static Failure Nothing(PlanInput input)
    {
        var place = input.Root.Length == 0 ? "the source" : input.Root;
        if (input.Node is { } app)
            return new(
                "plan.no_start_command",
                $"{app.ManifestPath} has no start script, names no main file that exists, and there is no index.js beside it.",
                "Add a start script, such as \"start\": \"node server.js\", or a dependency on the framework that builds the site.");
        var apps = input.Root.Length == 0 ? Candidates(input.Tree) : [];
        return new(
            "plan.no_provider",
            $"Nothing in {place} says how to build it: no Dockerfile, no package.json and no index.html was found.",
            apps.Count > 0 ? $"Set the root directory to the app's folder: {string.Join(", ", apps)}." : "Add one of them, or set the root directory to the folder that has one.");
    }

    /// <summary>Folders below the source that would have said something.</summary>
    private static List<string> Candidates(ISourceTree tree)
    {
        string[] telling = ["Dockerfile", "package.json", "index.html"];
        var folders = Folders(tree, "");
        return [.. folders.Concat(folders.SelectMany(f => Folders(tree, f))).Where(f => telling.Any(t => tree.FileExists(SourcePath.Join(f, t)))).Take(5)];
    }

    private static List<string> Folders(ISourceTree tree, string folder) =>
        [.. tree.List(folder).Where(n => n.EndsWith('/') && !n.StartsWith('.') && n != "node_modules/").Select(n => SourcePath.Join(folder, n[..^1]))];

    private static string SimilarFolders(ISourceTree tree, string root)
    {
        var parent = SourcePath.Upwards(root).First(f => f != root && tree.DirectoryExists(f) || f.Length == 0);
        var folders = Folders(tree, parent).Take(8).ToList();
        return folders.Count == 0 ? "Names are case-sensitive." : $"There are {string.Join(", ", folders)}; names are case-sensitive.";
    }
}
