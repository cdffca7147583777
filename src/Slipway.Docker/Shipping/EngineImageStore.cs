using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;
using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Core.Hosting;
using Slipway.Core.Pipeline.Building;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.Pipeline.Shipping;
using Slipway.Docker.BaseImages;

namespace Slipway.Docker.Shipping;

/// <summary>The engine's own store as registry: nothing is pushed or pulled, an image's address is its content id.</summary>
internal sealed class EngineImageStore(IDockerClient engine, IOptions<DockerOptions> options, TimeProvider time) : IImageRegistry
{
    private readonly string[] _prefixes = Prefixes(new HomeNames(options.Value.HomeId).ImagePrefix, options.Value.Registry);

    public Task<Outcome<string>> SealAsync(BuiltImage image, Action<string> tell, CancellationToken ct) => WithinAsync<Outcome<string>>($"Sealing {image.Name}", async token =>
    {
        var found = await FindAsync(image.Name, token)
            ?? throw new InvalidOperationException($"The builder reports {image.Name}, but the engine has no such image.");
        if (!IsSame(found, image.Digest))
            throw new InvalidOperationException($"The builder reports {image.Name} as {image.Digest}, but the engine has {found.ID} under that name.");
        return found.ID;
    }, ct);

    public Task<int?> ExposedPortAsync(string image, CancellationToken ct) => WithinAsync($"Inspecting {image}", async token =>
    {
        var found = await FindAsync(image, token) ?? throw new ImageMissingException(image);
        return ExposedPorts.Only(found.Config?.ExposedPorts?.Keys ?? []);
    }, ct);

    public Task<IReadOnlyList<string>> ListAsync(CancellationToken ct) => WithinAsync<IReadOnlyList<string>>("Listing images", async token =>
        [.. (await engine.Images.ListImagesAsync(new() { All = false }, token)).SelectMany(image => image.RepoTags ?? []).Where(IsOurs)], ct);

    public Task<bool> RemoveAsync(string image, CancellationToken ct) => WithinAsync($"Removing {image}", async token =>
    {
        if (await FindAsync(image, token) is not { } found) return true;
        if (await IsUsedAsync(found.ID, token)) return false;

        // By our names only: an image that also has somebody else's name stays with that one.
        foreach (var name in (found.RepoTags ?? []).Where(IsOurs))
            await RemoveNameAsync(name, token);
        return true;
    }, ct);

    /// <summary>What this store has not is nowhere else.</summary>
    public Task<Failure?> FetchAsync(Revision revision, Action<string> tell, CancellationToken ct) =>
        Task.FromResult<Failure?>(new Failure("run.image_missing", $"the engine has no image {revision.Image}", "deploy again: the image is built anew", "run"));

    private bool IsOurs(string name) => _prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>Without the registry's address too: what was made before there was one.</summary>
    private static string[] Prefixes(string own, string registry) => registry.Length == 0 ? [own] : [own, $"{registry}/{own}"];

    // The engine's classic store names an image by its configuration's digest, the containerd store by its manifest's.
    private static bool IsSame(ImageInspectResponse found, string digest) => found.ID == digest || found.Descriptor?.Digest == digest;

    private async Task<bool> IsUsedAsync(string id, CancellationToken ct)
    {
        var filters = new Dictionary<string, IDictionary<string, bool>> { ["ancestor"] = new Dictionary<string, bool> { [id] = true } };
        return (await engine.Containers.ListContainersAsync(new() { All = true, Filters = filters }, ct)).Count > 0;
    }

    private async Task RemoveNameAsync(string name, CancellationToken ct)
    {
        try
        {
            await engine.Images.DeleteImageAsync(name, new() { Force = false }, ct);
        }
        catch (DockerApiException kept) when (kept.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
            // Gone already, or something began to run on it: both are fine.
        }
    }

    private async Task<ImageInspectResponse?> FindAsync(string image, CancellationToken ct)
    {
        try
        {
            return await engine.Images.InspectImageAsync(image, ct);
        }
        catch (DockerImageNotFoundException)
        {
            return null;
        }
    }

    private Task<T> WithinAsync<T>(string what, Func<CancellationToken, Task<T>> act, CancellationToken ct) =>
        Deadline.WithinAsync(options.Value.CallTimeout, what, time, act, ct);
}
