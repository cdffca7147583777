namespace Slipway.Server.Hosting;

/// <summary>Holds build steps from the start on, and looks every half minute whether they are held still: the engine may restart, or come late.</summary>
internal sealed class BuildLimitsKeeper(BuildLimits limits, TimeProvider time, ILogger<BuildLimitsKeeper> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        string? told = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var now = BuildLimits.Describe(await limits.ApplyAsync(stoppingToken));
                if (now != told) log.Limits(now);
                told = now;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.LimitsFailed(e);
            }

            await Task.WhenAny(Task.Delay(Every, time, stoppingToken));
        }
    }
}

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "build limits: {Status}")]
    public static partial void Limits(this ILogger log, string status);

    [LoggerMessage(LogLevel.Error, "the limits of build steps could not be applied; it is tried again")]
    public static partial void LimitsFailed(this ILogger log, Exception e);
}
