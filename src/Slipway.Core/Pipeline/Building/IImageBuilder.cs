using Slipway.Core.BuildLogs;

namespace Slipway.Core.Pipeline.Building;

/// <summary>Everything a build needs; nothing in it but <see cref="ImageName"/> and <see cref="Labels"/> changes from deploy to deploy of the same files.</summary>
public sealed record BuildRequest
{
    public required DeploymentId Deployment { get; init; }
    public required ProjectId Project { get; init; }

    /// <summary>Absolute path of the build context.</summary>
    public required string ContextDirectory { get; init; }

    /// <summary>Final text: bases resolved, mounts added (<see cref="DockerfileRewriter"/>). Served from memory, never written into the context.</summary>
    public required string Dockerfile { get; init; }

    /// <summary>The image of the frontend that <see cref="Dockerfile"/> is written for; null: the builder's own for Dockerfiles.</summary>
    public string? Frontend { get; init; }

    /// <summary>Text of a .dockerignore to use instead of the context's own; null: the context's own if any.</summary>
    public string? DockerIgnore { get; init; }

    /// <summary><c>repository:tag</c> to give the image.</summary>
    public required string ImageName { get; init; }

    /// <summary><c>repository:tag</c> for the project's build cache, where a registry keeps it; null: nowhere.</summary>
    public string? CacheImage { get; init; }
    public IReadOnlyDictionary<string, string> BuildArgs { get; init; } = new Dictionary<string, string>();

    /// <summary>By id, for <c>--mount=type=secret</c>. Never in argv, log, layer or cache key.</summary>
    public IReadOnlyDictionary<string, byte[]> Secrets { get; init; } = new Dictionary<string, byte[]>();

    /// <summary>The project's unguessable key: the session's shared key is derived from it (facts/buildkit P1).</summary>
    public required Secret CacheKey { get; init; }
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
}

/// <summary>An image in the builder's store.</summary>
/// <param name="Name">As asked for.</param>
/// <param name="Digest"><c>sha256:…</c>, its content address in that store.</param>
public sealed record BuiltImage(string Name, string Digest)
{
    /// <summary>What it was built on instead of what its Dockerfile names.</summary>
    public IReadOnlyList<StandIn> StandIns { get; init; } = [];
}

/// <summary>A base of Slipway's own in the place of one that no registry gave.</summary>
/// <param name="Asked">As the Dockerfile or the plan names it: <c>node:22-slim</c>.</param>
/// <param name="Used">What it was built on: <c>slipway/node-official-slim:22.12.0-…</c>.</param>
public sealed record StandIn(string Asked, string Used);

/// <summary>BuildRequest → image.</summary>
public interface IImageBuilder
{
    /// <summary>
    /// Builds it, each step and line to <paramref name="output"/>. The user's faults are Failures:
    /// <c>build.step_failed</c> (Step = the step's name, ExitCode), <c>build.base_unavailable</c> (names the image),
    /// <c>build.dockerfile_invalid</c> (says line and column), <c>build.frontend_unavailable</c> (a <c># syntax=</c> line's image; a known
    /// frontend gives way to the engine's own, and the output says so), <c>build.context_unreadable</c> (a file that cannot be read, or changed meanwhile). Cancelling stops the running step within 2 s and throws OperationCanceledException.
    /// An engine that does not answer is an exception.
    /// </summary>
    Task<Outcome<BuiltImage>> BuildAsync(BuildRequest request, IBuildOutput output, CancellationToken ct);
}

/// <summary>Makes a base image where no registry can be reached.</summary>
public interface IBaseImages
{
    /// <summary>
    /// The image name to put into FROM instead of <see cref="Planning.BaseImageNeed.Name"/>: itself when a registry gives it (or has),
    /// else one of ours, made once. What it does goes to <paramref name="output"/>. Failure <c>build.base_unavailable</c>.
    /// </summary>
    Task<Outcome<string>> ResolveAsync(Planning.BaseImageNeed need, IBuildOutput output, CancellationToken ct);
}
