namespace EndToEnd.Tests;

/// <summary>A Slipway whose engine is reached through a gate.</summary>
public sealed class GatedInstallation : IAsyncLifetime
{
    public GatedInstallation() => Slipway = new Installation(new Dictionary<string, string> { ["DOCKER_HOST"] = $"unix://{Gate.SocketPath}" });

    public EngineGate Gate { get; } = new();

    public Installation Slipway { get; }

    public ValueTask InitializeAsync() => Slipway.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        Gate.Open();
        await Slipway.DisposeAsync();
        await Gate.DisposeAsync();
    }
}
