using System.Threading.Channels;
using Slipway.Core.Hosting;
using Slipway.Docker;

namespace Slipway.Server.Hosting;

/// <summary>
/// Applies the fence at start and again every half minute, for others may flush it; at once when a container of other people comes or
/// goes on the builds' bridge, or other ways out are wanted; and tries it every minute from inside, from a step that runs and from an app.
/// </summary>
internal sealed class FirewallKeeper(Firewall firewall, EngineChanges engine, IBuildMachine machine, TimeProvider time, ILogger<FirewallKeeper> log) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ApplyEvery = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan TryEvery = TimeSpan.FromMinutes(1);

    private readonly Channel<bool> _changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private string? _told;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var watch = engine.WatchAsync(() => _changed.Writer.TryWrite(true), stoppingToken);
        var change = _changed.Reader.WaitToReadAsync(stoppingToken).AsTask();
        DateTimeOffset applied = default, triedStep = default, triedApp = default;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var now = time.GetUtcNow();
                if (now - applied >= ApplyEvery)
                {
                    await firewall.ApplyAsync(stoppingToken);
                    applied = now;
                }
                else if (_changed.Reader.TryRead(out _))
                {
                    await firewall.FollowNeighboursAsync(stoppingToken);
                }

                await firewall.FollowWaysAsync(stoppingToken);
                if (now - triedStep >= TryEvery && machine.AnyStep() is { } process)
                {
                    await firewall.TryFromStepAsync(process, stoppingToken);
                    triedStep = now;
                }

                if (now - triedApp >= TryEvery)
                {
                    await firewall.TryFromAppAsync(stoppingToken);
                    triedApp = now;
                }

                Tell();
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.FenceFailed(e);
            }

            // One wait for the next change, however often the clock is first.
            if (change.IsCompleted) change = _changed.Reader.WaitToReadAsync(stoppingToken).AsTask();
            await Task.WhenAny(Task.Delay(Look, time, stoppingToken), change);
        }

        await Task.WhenAny(watch);
    }

    private void Tell()
    {
        var now = firewall.IsHeld ? Firewall.Describe(firewall.Status) : firewall.Describe();
        if (now != _told && firewall.IsHeld) log.Fence(now);
        else if (now != _told) log.NoFence(now);
        _told = now;
    }
}

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "firewall: {Status}")]
    public static partial void Fence(this ILogger log, string status);

    [LoggerMessage(LogLevel.Warning, "firewall: {Status}")]
    public static partial void NoFence(this ILogger log, string status);

    [LoggerMessage(LogLevel.Error, "the firewall could not be applied; it is tried again")]
    public static partial void FenceFailed(this ILogger log, Exception e);
}
