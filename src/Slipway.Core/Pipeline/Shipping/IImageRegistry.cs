using Slipway.Core.Pipeline.Building;

namespace Slipway.Core.Pipeline.Shipping;

/// <summary>Seals an image: answers with an address that can never mean another content.</summary>
public interface IImageRegistry
{
    /// <summary>
    /// The pinned address, once the image is where instances get it from; what it does goes to <paramref name="tell"/>. An image that the
    /// builder claims but the store lacks is an exception, and so is a registry that is away (<see cref="RegistryAwayException"/>). One that
    /// refuses is a Failure: <c>ship.denied</c>, <c>ship.untrusted</c>, <c>ship.refused</c>.
    /// </summary>
    Task<Outcome<string>> SealAsync(BuiltImage image, Action<string> tell, CancellationToken ct);

    /// <summary>The port its configuration exposes when it is exactly one, else null.</summary>
    Task<int?> ExposedPortAsync(string image, CancellationToken ct);

    /// <summary>The names of all images that this home has here.</summary>
    Task<IReadOnlyList<string>> ListAsync(CancellationToken ct);

    /// <summary>Removes the image and its tags if nothing runs on it; missing is fine. False: something runs on it, so it stays.</summary>
    Task<bool> RemoveAsync(string image, CancellationToken ct);

    /// <summary>
    /// Brings a sealed image to the engine that lacks it, under its own name. Null when it is there; <c>run.image_missing</c> when it is
    /// nowhere any more, <c>ship.…</c> as for sealing.
    /// </summary>
    Task<Failure?> FetchAsync(Revision revision, Action<string> tell, CancellationToken ct);
}
