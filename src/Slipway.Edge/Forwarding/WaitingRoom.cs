using Microsoft.AspNetCore.Http;
using Slipway.Core.Pipeline.Routing;
using Slipway.Edge.Hosts;
using Slipway.Edge.Sleeping;

namespace Slipway.Edge.Forwarding;

/// <summary>Requests whose app should serve and does not just now: asleep, killed, or on its way up again. They wait instead of being
/// turned away, so many, so large and so long as the options allow.</summary>
internal sealed class WaitingRoom(TableKeeper tables, WantBoard wants, CompanionLine companion, EdgeOptions options, TimeProvider time)
{
    // An app that opens its port changes no table.
    private static readonly TimeSpan _lookAgain = TimeSpan.FromMilliseconds(100);

    // One that is woken does: this is for a companion that comes late.
    private static readonly TimeSpan _lookForCompanion = TimeSpan.FromSeconds(1);

    // What a server reads of a body before anybody asks for it.
    private const long ReadAhead = 1 << 20;

    private int _waiting;
    private long _bytes;
    private long _waited;
    private long _turnedAway;

    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>How many ever did.</summary>
    public long Waited => Interlocked.Read(ref _waited);

    /// <summary>How many found no room.</summary>
    public long TurnedAway => Interlocked.Read(ref _turnedAway);

    /// <summary>False: it is full, and the request must be turned away.</summary>
    /// <param name="seat">For <see cref="Leave"/>.</param>
    public bool TryEnter(HttpRequest request, out long seat)
    {
        seat = Size(request);
        var bytes = Interlocked.Add(ref _bytes, seat);
        if (Interlocked.Increment(ref _waiting) <= options.MaxWaiting && bytes <= (long)options.MaxWaitingMegabytes << 20)
        {
            Interlocked.Increment(ref _waited);
            return true;
        }

        Interlocked.Increment(ref _turnedAway);
        Leave(seat);
        return false;
    }

    public void Leave(long seat)
    {
        Interlocked.Add(ref _bytes, -seat);
        Interlocked.Decrement(ref _waiting);
    }

    /// <summary>When a request that begins to wait now is to give up.</summary>
    public long Deadline() => Deadline(options.WaitForApp);

    public bool IsOver(long deadline, HttpContext context) => time.GetTimestamp() >= deadline || context.RequestAborted.IsCancellationRequested;

    /// <summary>Until the next table, and a moment at most.</summary>
    /// <param name="changed"><see cref="TableKeeper.Changed"/> as it was before the caller's last look.</param>
    public Task AMomentAsync(Task changed) => AMomentAsync(changed, _lookAgain);

    /// <summary>Waits for an app that should run and does not, and wakes one that sleeps.</summary>
    /// <returns>What its host has at the end: the app, or still none.</returns>
    public async Task<Visit> AppAsync(HttpContext context)
    {
        var deadline = Deadline();
        var whenAsleep = Deadline(options.WaitForWake);
        while (true)
        {
            var changed = tables.Changed;
            var visit = tables.Enter(context.Request.Host.Value, avoid: null);
            if (visit.Entry?.Route.Kind is not (RouteKind.Unavailable or RouteKind.Asleep) || await IsAwakeAsync(context, visit)) return visit;

            // What was asleep once is on its way up, whatever it is called meanwhile.
            var isAsleep = visit.Entry.Route.Kind == RouteKind.Asleep;
            if (isAsleep) deadline = whenAsleep;
            visit.Dispose();
            if (IsOver(deadline, context)) return new Visit(visit.Entry, null);
            await AMomentAsync(changed, isAsleep ? _lookForCompanion : _lookAgain);
        }
    }

    /// <summary>Says that a sleeping app is wanted, and thaws it where that can be done from here. True: it may be forwarded to.</summary>
    /// <param name="visit">Counted as open before the thaw, so that who puts it to sleep sees one or the other.</param>
    public async Task<bool> IsAwakeAsync(HttpContext context, Visit visit)
    {
        if (visit.Entry is not { Sleeper: { } sleeper } entry) return false;
        if (sleeper.Want()) wants.Note(sleeper);
        // A table that came in between may have begun another sleep, which knows nothing of this want.
        var isCurrent = tables.Current.Find(context.Request.Host.Value)?.Sleeper == sleeper;
        if (!isCurrent || visit.Destination is null || !await sleeper.ThawAsync(companion, time)) return false;
        entry.Use?.Touch(time.GetUtcNow());
        return true;
    }

    /// <summary>
    /// Thaws again each second until <paramref name="over"/>, while the table still says asleep: a control plane that died while it put
    /// the app to sleep could not take back a freeze that came after our thaw.
    /// </summary>
    public async Task KeepAwakeAsync(string? host, Sleeper sleeper, CancellationToken over)
    {
        while (true)
        {
            await Task.Delay(_lookForCompanion, time, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (over.IsCancellationRequested || tables.Current.Find(host)?.Sleeper != sleeper) return;
            await sleeper.ThawAsync(companion, time);
        }
    }

    private long Deadline(TimeSpan patience) => time.GetTimestamp() + (long)(patience.TotalSeconds * time.TimestampFrequency);

    private async Task AMomentAsync(Task changed, TimeSpan length)
    {
        using var moment = new CancellationTokenSource(length, time);
        await changed.WaitAsync(moment.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>What it may hold of our memory while nobody reads it.</summary>
    private static long Size(HttpRequest request)
    {
        long size = 1024;
        foreach (var header in request.Headers) size += header.Key.Length + header.Value.ToString().Length;
        var hasBody = request.ContentLength > 0 || request.Headers.TransferEncoding.Count > 0;
        return hasBody ? size + Math.Min(request.ContentLength ?? ReadAhead, ReadAhead) : size;
    }
}
