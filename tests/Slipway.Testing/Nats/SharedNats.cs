namespace Slipway.Testing.Nats;

/// <summary>The one open server of a test program, started by the first test that needs it; each test has a prefix of its own on it. Name it as an assembly fixture.</summary>
public sealed class SharedNats : IAsyncDisposable
{
    private static readonly Lock Gate = new();
    private static Task<NatsServer>? _server;

    public static Task<NatsServer> ServerAsync()
    {
        NatsServer.Require();
        lock (Gate) return _server ??= NatsServer.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await (await _server).DisposeAsync();
    }
}
