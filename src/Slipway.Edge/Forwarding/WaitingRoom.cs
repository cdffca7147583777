using Microsoft.AspNetCore.Http;
using Slipway.Core.Pipeline.Routing;
using Slipway.Edge.Hosts;

namespace Slipway.Edge.Forwarding;

/// <summary>Requests whose app should serve and does not just now: killed, or on its way up again. They wait instead of being
/// turned away, so many and so long as the options allow.</summary>
internal sealed class WaitingRoom(TableKeeper tables, EdgeOptions options, TimeProvider time)
{
    // An app that opens its port changes no table.
    private static readonly TimeSpan _lookAgain = TimeSpan.FromMilliseconds(100);

    private int _waiting;

    public int Waiting => Volatile.Read(ref _waiting);

    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _waiting) <= options.MaxWaiting) return true;

        Leave();
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _waiting);

    /// <summary>When a request that begins to wait now is to give up.</summary>
    public long Deadline() => time.GetTimestamp() + (long)(options.WaitForApp.TotalSeconds * time.TimestampFrequency);

    public bool IsOver(long deadline, HttpContext context) => time.GetTimestamp() >= deadline || context.RequestAborted.IsCancellationRequested;

    /// <summary>Until the next table, and a moment at most.</summary>
    /// <param name="changed"><see cref="TableKeeper.Changed"/> as it was before the caller's last look.</param>
    public async Task AMomentAsync(Task changed)
    {
        using var moment = new CancellationTokenSource(_lookAgain, time);
        await changed.WaitAsync(moment.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Waits for an app that should run and does not.</summary>
    /// <returns>What its host has at the end: the app, or still none.</returns>
    public async Task<Visit> AppAsync(HttpContext context)
    {
        var deadline = Deadline();
        while (true)
        {
            var changed = tables.Changed;
            var visit = tables.Enter(context.Request.Host.Value, avoid: null);
            if (visit.Entry?.Route.Kind != RouteKind.Unavailable || IsOver(deadline, context)) return visit;

            visit.Dispose();
            await AMomentAsync(changed);
        }
    }
}
