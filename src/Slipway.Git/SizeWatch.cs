namespace Slipway.Git;

/// <summary>Looks at a folder while something is received into it, and stops that when it grows too large. git has no limit of its own.</summary>
internal sealed class SizeWatch : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint };

    private readonly CancellationTokenSource _ended = new();
    private readonly CancellationTokenSource _stop;
    private readonly Task _loop;

    public SizeWatch(string folder, long maxBytes, TimeProvider time, CancellationToken ct)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        _loop = LoopAsync(folder, maxBytes, time);
    }

    /// <summary>Cancelled by the caller's token, or when it is too large.</summary>
    public CancellationToken Token => _stop.Token;

    public bool SawTooMuch { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _loop;
        _ended.Dispose();
        _stop.Dispose();
    }

    private async Task LoopAsync(string folder, long maxBytes, TimeProvider time)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_ended.Token))
            {
                if (Measure(folder) <= maxBytes) continue;
                SawTooMuch = true;
                await _stop.CancelAsync();
                return;
            }
        }
        catch (OperationCanceledException)
        {
            // Received in time.
        }
    }

    private static long Measure(string folder)
    {
        var bytes = 0L;
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*", Everything))
        {
            try
            {
                bytes += file.Length;
            }
            catch (FileNotFoundException)
            {
                // git renames its temporary files.
            }
        }

        return bytes;
    }
}
