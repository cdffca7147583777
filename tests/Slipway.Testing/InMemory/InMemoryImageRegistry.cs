using System.Collections.Concurrent;
using Slipway.Core;
using Slipway.Core.Pipeline.Building;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.Pipeline.Shipping;

namespace Slipway.Testing.InMemory;

/// <summary>An image store that holds names, digests and exposed ports.</summary>
/// <param name="prefix">What this home's image names begin with.</param>
public sealed class InMemoryImageRegistry(string prefix) : IImageRegistry
{
    private readonly ConcurrentDictionary<string, StoredImage> _byName = new();

    /// <summary>Digests of images that something runs on.</summary>
    public ConcurrentDictionary<string, bool> InUse { get; } = new();

    /// <summary>What a builder does: leaves an image under a name.</summary>
    public void Add(BuiltImage image, params IReadOnlyList<int> exposed) => _byName[image.Name] = new(image.Digest, exposed);

    public bool Has(string image) => Find(image) is not null;

    public Task<Outcome<string>> SealAsync(BuiltImage image, Action<string> tell, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (!_byName.TryGetValue(image.Name, out var stored))
            throw new InvalidOperationException($"The builder reports {image.Name}, but the store has no such image.");
        if (stored.Digest != image.Digest)
            throw new InvalidOperationException($"The builder reports {image.Name} as {image.Digest}, but the store has {stored.Digest}.");
        return Task.FromResult<Outcome<string>>(stored.Digest);
    }

    public Task<int?> ExposedPortAsync(string image, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var stored = Find(image) ?? throw new ImageMissingException(image);
        return Task.FromResult(stored.Exposed is [var only] ? only : (int?)null);
    }

    public Task<IReadOnlyList<string>> ListAsync(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult<IReadOnlyList<string>>([.. _byName.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal))]);
    }

    public Task<bool> RemoveAsync(string image, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (Find(image) is not { } stored) return Task.FromResult(true);
        if (InUse.ContainsKey(stored.Digest)) return Task.FromResult(false);

        foreach (var (name, other) in _byName)
            if (other.Digest == stored.Digest && name.StartsWith(prefix, StringComparison.Ordinal))
                _byName.TryRemove(name, out _);
        return Task.FromResult(true);
    }

    public Task<Failure?> FetchAsync(Revision revision, Action<string> tell, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult<Failure?>(Has(revision.Image) ? null : new Failure("run.image_missing", $"there is no image {revision.Image}", Step: "run"));
    }

    private StoredImage? Find(string image) =>
        _byName.TryGetValue(image, out var named) ? named : _byName.Values.FirstOrDefault(stored => image.EndsWith(stored.Digest, StringComparison.Ordinal));

    private sealed record StoredImage(string Digest, IReadOnlyList<int> Exposed);
}
