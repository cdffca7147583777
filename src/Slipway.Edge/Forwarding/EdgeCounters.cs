using Microsoft.AspNetCore.Http;
using Slipway.Edge.Metrics;

namespace Slipway.Edge.Forwarding;

/// <summary>Totals since the edge started.</summary>
internal sealed class EdgeCounters
{
    private long _requests;
    private long _unknownHosts;
    private long _refused;
    private long _retries;
    private long _appFailures;
    private readonly LatencyHistogram[] _byApp = [.. AnswerClass.Names.Select(_ => new LatencyHistogram())];
    private readonly LatencyHistogram[] _byEdge = [.. AnswerClass.Names.Select(_ => new LatencyHistogram())];

    public long Requests => Interlocked.Read(ref _requests);

    public long UnknownHosts => Interlocked.Read(ref _unknownHosts);

    public long Refused => Interlocked.Read(ref _refused);

    public long Retries => Interlocked.Read(ref _retries);

    /// <summary>Over all hosts, also those that left the table since.</summary>
    public long AppFailures => Interlocked.Read(ref _appFailures);

    /// <param name="kind">Of <see cref="AnswerClass.Names"/>.</param>
    /// <param name="isOwn">Answered by a page of the edge's own.</param>
    public LatencyHistogram Latency(int kind, bool isOwn) => (isOwn ? _byEdge : _byApp)[kind];

    public void CountRequest() => Interlocked.Increment(ref _requests);

    public void CountUnknownHost() => Interlocked.Increment(ref _unknownHosts);

    public void CountRefused() => Interlocked.Increment(ref _refused);

    public void CountRetry() => Interlocked.Increment(ref _retries);

    public void CountAppFailure() => Interlocked.Increment(ref _appFailures);

    public void CountAnswer(HttpContext context, TimeSpan taken) => Latency(AnswerClass.Of(context), AnswerClass.IsOwn(context)).Add(taken);
}
