namespace Slipway.Testing.Postgres;

/// <summary>The one server of a test program, started by the first test that needs it and stopped with the program: name it as an assembly fixture.</summary>
public sealed class SharedPostgres : IAsyncDisposable
{
    private static readonly Lock Gate = new();
    private static Task<PostgresServer>? _server;

    public static Task<PostgresServer> ServerAsync()
    {
        PostgresServer.Require();
        lock (Gate) return _server ??= PostgresServer.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await (await _server).DisposeAsync();
    }
}
