using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Core.Pipeline.Building;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.Pipeline.Shipping;

namespace Slipway.Registry;

/// <summary>
/// Images in a registry, pinned by the digest of their manifest. BuildKit pushes where it can; what it left in the engine's store is
/// pushed by the engine. The engine's copy is kept and removed with it, by <paramref name="local"/>.
/// </summary>
/// <param name="prefix">What the names of this home's repositories begin with, without the registry's address.</param>
internal sealed class OciImageRegistry(
    RegistryClient client, IImageRegistry local, IImageTransfer transfer, string prefix, IOptions<RegistryOptions> options, ILogger<OciImageRegistry> log) : IImageRegistry
{
    /// <summary>What cannot be taken away need not be looked for, until the next start.</summary>
    private volatile bool _deletesNothing;

    private string Address => options.Value.Address;

    public Task<Outcome<string>> SealAsync(BuiltImage image, Action<string> tell, CancellationToken ct) => RefusableAsync(async () =>
    {
        var name = ImageName.In(Address, image.Name) ?? throw new InvalidOperationException($"{image.Name} is no image of the registry {Address}.");
        var found = await client.ManifestAsync(name.Repository, name.Reference, ct);
        if (found is null || !IsSame(found, image.Digest))
        {
            // An image that is not there either is the builder's mistake, and said so.
            var here = await local.SealAsync(image, tell, ct);
            if (here.IsFailure(out var failure)) return failure;
            tell($"pushing to {Address}");
            if (await transfer.PushAsync(image.Name, image.Name, options.Value.Login(), tell, ct) is { } refused) return refused;
            found = await client.ManifestAsync(name.Repository, name.Reference, ct);
        }

        if (found is null || !IsSame(found, image.Digest)) throw new InvalidOperationException($"The builder reports {image.Name} as {image.Digest}, but the registry has {found?.Digest ?? "nothing"} under that name.");
        return (Outcome<string>)$"{Address}/{name.Repository}@{found.Digest}";
    });

    public async Task<int?> ExposedPortAsync(string image, CancellationToken ct)
    {
        var name = await FindAsync(image, ct) ?? throw new ImageMissingException(image);
        var manifest = await client.ManifestAsync(name.Repository, name.Reference, ct) ?? throw new ImageMissingException(image);
        if (manifest is { Config: null, Children: [var only, ..] }) manifest = await client.ManifestAsync(name.Repository, only, ct) ?? throw new ImageMissingException(image);
        if (manifest.Config is not { } config) return null;
        using var json = await client.BlobAsync(name.Repository, config, ct) ?? throw new ImageMissingException(image);
        return json.RootElement.TryGetProperty("config", out var settings) && settings.TryGetProperty("ExposedPorts", out var ports) && ports.ValueKind == System.Text.Json.JsonValueKind.Object
            ? ExposedPorts.Only(ports.EnumerateObject().Select(port => port.Name))
            : null;
    }

    public async Task<IReadOnlyList<string>> ListAsync(CancellationToken ct)
    {
        var names = new HashSet<string>(await local.ListAsync(ct), StringComparer.Ordinal);
        if (_deletesNothing) return [.. names];
        try
        {
            foreach (var repository in await client.RepositoriesAsync(prefix, ct))
            {
                foreach (var tag in await client.TagsAsync(repository, ct)) names.Add($"{Address}/{repository}:{tag}");
            }
        }
        catch (RegistryAwayException e)
        {
            // Away, or one that lists nothing, as hosted ones do: the engine's own copies are looked after all the same.
            log.ListsNothing(e, Address);
        }

        return [.. names];
    }

    public async Task<bool> RemoveAsync(string image, CancellationToken ct)
    {
        if (!await local.RemoveAsync(image, ct)) return false;
        if (await FindAsync(image, ct) is not { } name || !name.Repository.StartsWith(prefix, StringComparison.Ordinal)) return true;
        if (await client.ManifestAsync(name.Repository, name.Reference, ct) is not { } manifest) return true;
        if (await client.DeleteAsync(name.Repository, manifest.Digest, ct) || _deletesNothing) return true;
        _deletesNothing = true;
        log.DeletesNothing(Address);
        return true;
    }

    public Task<Failure?> FetchAsync(Revision revision, Action<string> tell, CancellationToken ct)
    {
        if (ImageName.In(Address, revision.Image) is null) return local.FetchAsync(revision, tell, ct);
        tell($"the engine has no copy of the image; fetching it from {Address}");
        return transfer.PullAsync(revision.Image, revision.ImageName, options.Value.Login(), tell, ct);
    }

    /// <summary>A digest alone is looked for in this home's repositories.</summary>
    private async Task<ImageName?> FindAsync(string image, CancellationToken ct)
    {
        if (ImageName.In(Address, image) is { } named) return named;
        if (!image.StartsWith("sha256:", StringComparison.Ordinal)) return null;
        foreach (var repository in await client.RepositoriesAsync(prefix, ct))
        {
            if (await client.ManifestAsync(repository, image, ct) is not null) return new ImageName(repository, image);
        }

        return null;
    }

    /// <summary>A classic engine names an image by its configuration's digest, all others by the manifest's.</summary>
    private static bool IsSame(Manifest found, string digest) => found.Digest == digest || found.Config == digest;

    private static async Task<Outcome<string>> RefusableAsync(Func<Task<Outcome<string>>> act)
    {
        try
        {
            return await act();
        }
        catch (RegistryRefusedException refused)
        {
            return refused.Failure;
        }
    }
}

internal static partial class Log
{
    [LoggerMessage(LogLevel.Warning, "the registry {Address} does not say what it has; what retention ended stays there for now")]
    public static partial void ListsNothing(this ILogger log, Exception e, string address);

    [LoggerMessage(LogLevel.Warning, "the registry {Address} deletes nothing: what retention ends stays there until it allows deletion (docker-registry: storage.delete.enabled)")]
    public static partial void DeletesNothing(this ILogger log, string address);
}
