using System.Diagnostics;

namespace Slipway.Testing.Hosting;

/// <summary>For what tells nobody when it changes: kernel tables, a program's first listen. Looks again and again, and says what it waited for when that never came.</summary>
public static class Looking
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(20);

    public static Task<T> UntilAsync<T>(Func<T?> look, TimeSpan limit, string what) where T : class => UntilAsync(() => Task.FromResult(look()), limit, what);

    public static async Task<T> UntilAsync<T>(Func<Task<T?>> look, TimeSpan limit, string what) where T : class
    {
        var clock = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(Between);
        while (true)
        {
            if (await look() is { } found) return found;
            if (clock.Elapsed > limit) throw new TimeoutException($"{what}: not within {limit}");
            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>Until somebody takes connections there.</summary>
    public static Task ListensAsync(Uri address, TimeSpan limit) => UntilAsync(async () =>
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(2) };
        try
        {
            using var answer = await http.GetAsync(address);
            return "listens";
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }, limit, $"an answer of {address}");
}
