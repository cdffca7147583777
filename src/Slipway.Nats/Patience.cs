using NATS.Client.Core;

namespace Slipway.Nats;

/// <summary>A limit for everything that waits for an answer: when the network parts after the question, the client waits for it for ever.</summary>
internal static class Patience
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(12);

    /// <exception cref="NatsException">No answer in time; what was asked may have been done.</exception>
    public static async Task<T> WithinAsync<T>(Func<CancellationToken, ValueTask<T>> ask, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Limit);
        try
        {
            // The client does not look at the token everywhere while it waits.
            return await ask(limit.Token).AsTask().WaitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new NatsException($"the NATS server did not answer within {Limit.TotalSeconds:0} s");
        }
    }

    public static Task WithinAsync(Func<CancellationToken, ValueTask> ask, CancellationToken ct) => WithinAsync(async token =>
    {
        await ask(token);
        return true;
    }, ct);
}
