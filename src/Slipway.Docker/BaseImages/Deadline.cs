namespace Slipway.Docker.BaseImages;

/// <summary>Gives a call to the outside its time limit, and says whose limit it was when it runs out.</summary>
internal static class Deadline
{
    public static async Task<T> WithinAsync<T>(
        TimeSpan limit, string what, TimeProvider time, Func<CancellationToken, Task<T>> act, CancellationToken ct)
    {
        using var timer = new CancellationTokenSource(limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, ct);
        try
        {
            return await act(both.Token);
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new TimeoutException($"{what} took longer than {limit.TotalSeconds:0} s.");
        }
    }

    public static Task WithinAsync(
        TimeSpan limit, string what, TimeProvider time, Func<CancellationToken, Task> act, CancellationToken ct) =>
        WithinAsync(limit, what, time, async token => { await act(token); return true; }, ct);
}
