namespace Slipway.Core.Pipeline.Building;

/// <summary>What a build wrote in all, reading after reading → what it wrote lately.</summary>
internal sealed class WrittenLately
{
    /// <summary>Long enough that a pause between two files hides nobody, short enough that an install of a while ago is no blame.</summary>
    public static readonly TimeSpan Span = TimeSpan.FromSeconds(10);

    private readonly Queue<(DateTimeOffset At, long Total)> _readings = new([(DateTimeOffset.MinValue, 0)]);

    public long Total { get; private set; }

    /// <summary>As of the last reading.</summary>
    public long Lately => Total - _readings.Peek().Total;

    public void Add(DateTimeOffset now, long total)
    {
        Total = total;
        _readings.Enqueue((now, total));
        // The oldest that stays is the last one from before the span.
        while (_readings.Skip(1).First().At <= now - Span) _readings.Dequeue();
    }
}
