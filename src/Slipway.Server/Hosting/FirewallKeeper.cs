namespace Slipway.Server.Hosting;

/// <summary>Applies the fence at start and again every half minute: others may flush it, and other people's containers on docker0 come and go.</summary>
internal sealed class FirewallKeeper(Firewall firewall, TimeProvider time, ILogger<FirewallKeeper> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        string? told = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var now = Firewall.Describe(await firewall.ApplyAsync(stoppingToken));
                if (now != told) log.Fence(now);
                told = now;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.FenceFailed(e);
            }

            await Task.WhenAny(Task.Delay(Every, time, stoppingToken));
        }
    }
}

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "firewall: {Status}")]
    public static partial void Fence(this ILogger log, string status);

    [LoggerMessage(LogLevel.Error, "the firewall could not be applied; it is tried again")]
    public static partial void FenceFailed(this ILogger log, Exception e);
}
