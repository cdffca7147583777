using System.Text.Json.Serialization;
using Slipway.Core.Pipeline.Planning.Rules;

namespace Slipway.Core.Pipeline.Planning;

/// <summary>How to build and start a source: data, printed by <c>slipway plan</c>.</summary>
public sealed record BuildPlan
{
    /// <summary>Which provider answered: <c>dockerfile</c>, <c>node</c>, <c>static</c>, …</summary>
    public required string Provider { get; init; }
    public string? Framework { get; init; }
    public string? PackageManager { get; init; }
    public string? Install { get; init; }
    public string? Build { get; init; }
    public string? Start { get; init; }
    public required PlanOutput Output { get; init; }

    /// <summary>The port that <c>PORT</c> says and the edge asks.</summary>
    public required int Port { get; init; }

    /// <summary>The whole Dockerfile, readable, on official image names; for a repository's own, that file's text.</summary>
    public required string Dockerfile { get; init; }

    /// <summary>The repository's own Dockerfile (path from the build context), null when <see cref="Dockerfile"/> was written by us.</summary>
    public string? DockerfilePath { get; init; }

    /// <summary>The build context, relative to the source ("" = all of it).</summary>
    public string ContextDirectory { get; init; } = "";

    /// <summary>Base images named in <see cref="Dockerfile"/> that Slipway can make itself. Empty for a user's own.</summary>
    public IReadOnlyList<BaseImageNeed> Bases { get; init; } = [];

    /// <summary>Patterns for a .dockerignore that we add when the source has none.</summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];

    /// <summary>Environment of the running container, the user's wins over it.</summary>
    public IReadOnlyDictionary<string, string> RunEnvironment { get; init; } = new Dictionary<string, string>();

    /// <summary>Given to the build beside the user's; values of the user may be among them, so they are kept nowhere.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, string> BuildArguments { get; init; } = new Dictionary<string, string>();

    /// <summary>The image of the BuildKit frontend that <see cref="Dockerfile"/> is written for; null: it is a Dockerfile.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Frontend { get; init; }

    /// <summary>What the edge does with its requests; null: forwards them all.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EdgeRules? Rules { get; init; }

    /// <summary>What was seen and what it led to, strongest first.</summary>
    public IReadOnlyList<PlanEvidence> Evidence { get; init; } = [];

    /// <summary>Said in the build log, each a sentence.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <param name="Kind"><c>server</c> or <c>static</c>.</param>
/// <param name="Directory">Where the static files are after the build; null for a server.</param>
/// <param name="IsSpa">Unknown paths get index.html.</param>
public sealed record PlanOutput(string Kind, string? Directory, bool IsSpa = false);

public sealed record PlanEvidence(string File, string What);

/// <summary><see cref="OfficialNode"/> and <see cref="OfficialBun"/> also hold what a person's own Dockerfile may rely on: the user, yarn, corepack.</summary>
public enum BaseImageKind { Debian, Node, Static, OfficialNode, OfficialBun, DotnetSdk, DotnetAspNet, DotnetRuntime }

/// <summary>A base image as the Dockerfile names it, and what it must hold, for making it without a registry.</summary>
/// <param name="Name">As in FROM: <c>node:22-bookworm-slim</c>, <c>slipway/static</c>.</param>
/// <param name="Version">Semver range for Node (<c>22</c>, <c>&gt;=20.9</c>), else null.</param>
/// <param name="ForBuild">A compiler and git wanted: packages of native code, or from repositories.</param>
public sealed record BaseImageNeed(string Name, BaseImageKind Kind, string? Version, bool ForBuild);
