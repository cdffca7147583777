using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;
using Microsoft.Extensions.Options;
using Slipway.Core.Hosting;
using Slipway.Core.Pipeline.Building;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.Pipeline.Shipping;
using Slipway.Docker.BaseImages;

namespace Slipway.Docker.Shipping;

/// <summary>The engine's own store as registry: nothing is pushed or pulled, an image's address is its content id.</summary>
internal sealed class EngineImageStore(IDockerClient engine, IOptions<DockerOptions> options, TimeProvider time) : IImageRegistry
{
    private readonly string _prefix = new HomeNames(options.Value.HomeId).ImagePrefix;

    public Task<string> SealAsync(BuiltImage image, CancellationToken ct) => WithinAsync($"Sealing {image.Name}", async token =>
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
        [.. (await engine.Images.ListImagesAsync(new() { All = false }, token)).SelectMany(image => image.RepoTags ?? []).Where(name => name.StartsWith(_prefix, StringComparison.Ordinal))], ct);

    public Task RemoveAsync(string image, CancellationToken ct) => WithinAsync($"Removing {image}", async token =>
    {
        if (await FindAsync(image, token) is not { } found || await IsUsedAsync(found.ID, token)) return false;

        // By our names only: an image that also has somebody else's name stays with that one.
        foreach (var name in (found.RepoTags ?? []).Where(name => name.StartsWith(_prefix, StringComparison.Ordinal)))
            await RemoveNameAsync(name, token);
        return true;
    }, ct);

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
