using Slipway.Core.Pipeline.Planning.Dockerfiles;
using Slipway.Core.Pipeline.Planning.Node;

namespace Slipway.Core.Pipeline.Planning.Providers;

/// <summary>The last stage of an image that runs Node, and the plan around it.</summary>
internal static class ServerImage
{
    /// <summary>HOSTNAME is the container's id otherwise, and Next.js listens where it says; HOME is of no user we have.</summary>
    public static IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>
    {
        ["NODE_ENV"] = "production",
        ["HOME"] = "/tmp",
        ["HOST"] = "0.0.0.0",
        ["HOSTNAME"] = "0.0.0.0",
        ["PORT"] = $"{Planner.DefaultPort}",
    };

    /// <summary>Opens the last stage; COPYs follow, then <see cref="Close"/>.</summary>
    public static DockerfileWriter Open(DockerfileWriter dockerfile, NodeApp app, IReadOnlyDictionary<string, string>? more = null)
    {
        dockerfile.From(app.Node.RunImage);
        if (app.Manifests.Any(m => m.Has("prisma") || m.Has("@prisma/client")))
            // Prisma's engine loads the system's OpenSSL, which slim images lack.
            dockerfile.Run([], "apt-get update", "apt-get install -y --no-install-recommends openssl", "rm -rf /var/lib/apt/lists/*");
        return dockerfile.Env([.. Environment.Concat(more ?? new Dictionary<string, string>()).Select(e => $"{e.Key}={e.Value}")]);
    }

    public static void Close(DockerfileWriter dockerfile, string folder, IReadOnlyList<string> command) =>
        dockerfile.Workdir(folder).AsUser().Expose(Planner.DefaultPort).Cmd(command);

    public static BuildPlan Plan(string provider, string? framework, NodeApp app, DockerfileWriter dockerfile, IReadOnlyList<string> build, string start, IReadOnlyDictionary<string, string>? more = null) => new()
    {
        Provider = provider,
        Framework = framework,
        PackageManager = app.PackageManager.Name,
        Install = app.HasDependencies ? app.PackageManager.Install : null,
        Build = build.Count == 0 ? null : string.Join(" && ", build),
        Start = start,
        Output = new("server", null),
        Port = Planner.DefaultPort,
        Dockerfile = dockerfile.ToString(),
        Bases = Bases(app, dockerfile),
        Ignore = IgnoreList.Node,
        RunEnvironment = new Dictionary<string, string>(Environment.Concat(more ?? new Dictionary<string, string>())),
        Evidence = app.Evidence,
        Warnings = app.Warnings,
    };

    private static List<BaseImageNeed> Bases(NodeApp app, DockerfileWriter dockerfile)
    {
        BaseImageNeed[] all =
        [
            new(app.Node.BuildImage, BaseImageKind.Node, app.Node.Range, ForBuild: app.NeedsBuildTools),
            new(app.Node.RunImage, BaseImageKind.Node, app.Node.Range, ForBuild: false),
        ];
        var images = DockerfileFacts.Read(dockerfile.ToString()).Images;
        return [.. all.Where(b => images.Contains(b.Name))];
    }
}
