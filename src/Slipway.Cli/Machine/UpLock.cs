using Slipway.Cli.CommandLine;
using Slipway.Cli.Output;
using Slipway.Core;

namespace Slipway.Cli.Machine;

/// <summary>One <c>up</c> or <c>down</c> at a time: a second one waits and then finds the work done.</summary>
internal static class UpLock
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    public static async Task<IDisposable> TakeAsync(SlipwayHome home, Progress progress, TimeProvider time, CancellationToken ct)
    {
        var path = Path.Combine(home.Run, "up.lock");
        var since = time.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (time.GetElapsedTime(since) < Patience)
            {
                progress.Begin("waiting for another slipway that is setting this home up");
                await Task.Delay(Look, time, ct);
            }
            catch (IOException e)
            {
                throw CliError.Broken("up.locked", $"another slipway has held {path} for {Patience.TotalMinutes:0} minutes", "see what it does; end it if it hangs", e);
            }
        }
    }
}
