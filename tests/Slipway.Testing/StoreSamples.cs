using System.Security.Cryptography;
using System.Text.Json;
using Slipway.Core;
using Slipway.Core.BuildLogs;
using Slipway.Core.Deployments;
using Slipway.Core.Pipeline.Planning;
using Slipway.Core.Pipeline.Planning.Rules;
using Slipway.Core.Pipeline.Shipping;
using Slipway.Core.Pipeline.Sourcing;
using Slipway.Core.Projects;
using Slipway.Core.Tenancy;

namespace Slipway.Testing;

/// <summary>Valid records to start a test from; change what matters with <c>with</c>.</summary>
public static class StoreSamples
{
    public static Revision Revision { get; } = new("sha256:1111", "slipway/shop:1", 3000, new Dictionary<string, string> { ["NODE_ENV"] = "production" });

    public static BuildPlan Plan { get; } = new()
    {
        Provider = "node",
        Framework = "next",
        Output = new PlanOutput("server", null),
        Port = 3000,
        Dockerfile = "FROM node:22-bookworm-slim\nRUN npm ci\n",
        Bases = [new BaseImageNeed("node:22-bookworm-slim", BaseImageKind.Node, "22", false)],
        Evidence = [new PlanEvidence("package.json", "Next.js")],
        Rules = new EdgeRules
        {
            TrailingSlash = false,
            Redirects = [new RedirectRule("/old/:path*", "/new/:path*", 307, [new RuleCondition(RequestPart.Query, "page", null, new RuleComparison { Gt = 1 })])],
            Headers = [new HeaderRule("/(.*)", [new RuleHeader("X-Frame-Options", "DENY")])],
        },
    };

    public static Project Project(TimeProvider time, TeamId? team = null) => new()
    {
        Id = StrongId.New<ProjectId>(time),
        Team = team ?? TeamScope.DefaultTeam,
        Name = $"shop-{RandomNumberGenerator.GetHexString(6, lowercase: true)}",
        Origin = "git:https://example.test/shop",
        ProductionBranch = "main",
        CacheKey = new Secret(RandomNumberGenerator.GetHexString(32)),
        CreatedAt = time.GetUtcNow(),
    };

    public static Deployment Deployment(TimeProvider time, Project project) => new()
    {
        Id = StrongId.New<DeploymentId>(time),
        Team = project.Team,
        Project = project.Id,
        ProjectName = project.Name,
        Hash = RandomNumberGenerator.GetHexString(8, lowercase: true),
        Source = new SourceRef { Kind = SourceKind.Git, Url = "https://example.test/shop", Ref = "main" },
        Environment = new Dictionary<string, string> { ["GREETING"] = "hello" },
        CreatedAt = time.GetUtcNow(),
        Trigger = "api",
    };

    /// <summary>One event of every kind, as the holder of <paramref name="attempt"/> would report it.</summary>
    public static IReadOnlyList<DeploymentEvent> Events(int attempt) =>
    [
        new BuildStarted(attempt, "worker-1"),
        new SourceFetched(attempt, "c0ffee", "Fix the cart", "ada", "main"),
        new BuildInterrupted(attempt, "drain"),
        new ImageShipped(attempt, Revision, Plan, new StageTimings { Build = TimeSpan.FromSeconds(9) }),
        new WentLive(attempt, new StageTimings { Route = TimeSpan.FromSeconds(1) }),
        new DeploymentFailed(attempt, new Failure("build.step_failed", "npm ci ended with 1", "read the log", "npm ci", 1), new StageTimings { Build = TimeSpan.FromSeconds(3) }),
        new CancelRequested("ada"),
        new Retired("retention"),
        new CommandRun("token from 127.0.0.1", ["ls", "-l"]),
    ];

    /// <summary>What leads a fresh deployment to <paramref name="state"/> (Waiting is only created, never reached), in attempt 1.</summary>
    public static IReadOnlyList<DeploymentEvent> PathTo(DeploymentState state) => state switch
    {
        DeploymentState.Waiting or DeploymentState.Queued => [],
        DeploymentState.Building => Pick<BuildStarted>(),
        DeploymentState.Deploying => [.. PathTo(DeploymentState.Building), .. Pick<ImageShipped>()],
        DeploymentState.Ready => [.. PathTo(DeploymentState.Deploying), .. Pick<WentLive>()],
        DeploymentState.Error => [.. PathTo(DeploymentState.Building), .. Pick<DeploymentFailed>()],
        DeploymentState.Canceled => Pick<CancelRequested>(),
        DeploymentState.Ended => [.. PathTo(DeploymentState.Ready), .. Pick<Retired>()],
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    public static IReadOnlyList<BuildLogLine> Lines(TimeProvider time, params IEnumerable<string> texts) =>
        [.. texts.Select(text => new BuildLogLine(0, time.GetUtcNow(), BuildLogStream.Out, "build", text))];

    /// <summary>For comparing records that hold lists or dictionaries. Secrets are not in it.</summary>
    public static string Json(object? value) => JsonSerializer.Serialize(value);

    private static IReadOnlyList<DeploymentEvent> Pick<T>() where T : DeploymentEvent => [.. Events(1).OfType<T>()];
}
