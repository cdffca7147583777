using Slipway.Core.Pipeline.Building;
using Slipway.Core.Pipeline.Shipping;

namespace Slipway.Testing.Contracts;

/// <summary>What the contract needs of a registry's surroundings.</summary>
public abstract class ImageRegistryHarness : IAsyncDisposable
{
    public abstract IImageRegistry Registry { get; }

    /// <summary>A name as this home gives them.</summary>
    public abstract string NewName();

    /// <summary>A name that is not this home's.</summary>
    public abstract string NewForeignName();

    /// <summary>Leaves a new image of its own content under that name, as a builder would.</summary>
    public abstract Task<BuiltImage> BuildAsync(string name, params IReadOnlyList<int> exposed);

    /// <summary>Gives an image one more name.</summary>
    public abstract Task NameAsync(BuiltImage image, string name);

    /// <summary>Makes something run on it, until disposed.</summary>
    public abstract Task<IAsyncDisposable> UseAsync(BuiltImage image);

    /// <summary>The store has an image of that name or digest.</summary>
    public abstract Task<bool> HasAsync(string image);

    public abstract ValueTask DisposeAsync();
}
