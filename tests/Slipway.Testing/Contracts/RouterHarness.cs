using Slipway.Core.Pipeline.Routing;

namespace Slipway.Testing.Contracts;

/// <summary>What an app answers to a path: a status.</summary>
public delegate Task<int> AppAnswer(string path, CancellationToken ct);

/// <summary>One router under test and the apps behind it.</summary>
public abstract class RouterHarness : IAsyncDisposable
{
    public abstract IRouter Router { get; }

    /// <summary>Starts an app; returns its <c>ip:port</c>.</summary>
    public abstract Task<string> StartAppAsync(AppAnswer answer);

    /// <summary>An <c>ip:port</c> where nothing listens.</summary>
    public abstract string DeadDestination { get; }

    /// <summary>The router's process ends.</summary>
    public abstract Task StopRouterAsync();

    /// <summary>It comes again, with what it keeps on disk.</summary>
    public abstract Task StartRouterAsync();

    public abstract ValueTask DisposeAsync();

    public Task<string> StartAppAsync(int status) => StartAppAsync((_, _) => Task.FromResult(status));
}
