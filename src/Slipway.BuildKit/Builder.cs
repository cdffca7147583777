using BuildKit.Client;

namespace Slipway.BuildKit;

/// <summary>One BuildKit that builds.</summary>
/// <param name="address">As configured; empty: the one inside the Docker Engine.</param>
internal sealed class Builder(string address, BuildKitClient client)
{
    /// <summary>Until it says that it can't.</summary>
    private volatile bool _keepsCache = true;

    public string Address { get; } = address;

    public BuildKitClient Client { get; } = client;

    /// <summary>Its cache may be kept in a registry.</summary>
    public bool KeepsCache
    {
        get => _keepsCache;
        set => _keepsCache = value;
    }
}
