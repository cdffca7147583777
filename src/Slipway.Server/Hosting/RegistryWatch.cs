using Slipway.Registry;

namespace Slipway.Server.Hosting;

/// <summary>Says once at start, and then when it changes, whether the registry lets Slipway in. What serves goes on without it.</summary>
internal sealed class RegistryWatch(RegistryStatus registry, TimeProvider time, ILogger<RegistryWatch> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(15);
    private string? _said = "";

    public string Address => registry.Address;

    /// <summary>Why nothing can be pushed or fetched, as a sentence; null: it can.</summary>
    public string? Problem { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            try
            {
                Problem = await registry.LookAsync(stoppingToken) is { } failure ? $"{failure.Message}; {failure.Hint}" : null;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // An engine that restarts, a password file that is gone: whatever it is, it is told and looked at again.
                Problem = e.Message;
            }

            if (Problem != _said) Say(_said = Problem);
        }
        while (!stoppingToken.IsCancellationRequested && await NextAsync(timer, stoppingToken));
    }

    private void Say(string? problem)
    {
        if (problem is null) log.RegistryIsUp(registry.Address);
        else log.RegistryIsNot(problem);
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken ct)
    {
        try
        {
            return await timer.WaitForNextTickAsync(ct);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "images are kept in the registry {Address}")]
    public static partial void RegistryIsUp(this ILogger log, string address);

    [LoggerMessage(LogLevel.Error, "no image can be pushed or fetched: {Problem}")]
    public static partial void RegistryIsNot(this ILogger log, string problem);
}
