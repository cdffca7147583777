namespace Slipway.Testing.Nats;

/// <summary>The one open server of a test program, started by the first test that needs it; each test has a prefix of its own on it. SLIPWAY_NATS_SERVER names another program than the installed one. Name it as an assembly fixture.</summary>
public sealed class SharedNats : IAsyncDisposable
{
    private static readonly Lock Gate = new();
    private static Task<NatsServer>? _server;

    public static Task<NatsServer> ServerAsync()
    {
        NatsServer.Require();
        lock (Gate) return _server ??= NatsServer.StartAsync(program: Environment.GetEnvironmentVariable("SLIPWAY_NATS_SERVER"));
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await (await _server).DisposeAsync();
    }
}
