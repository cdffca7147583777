namespace Slipway.Core.Queueing;

/// <summary>What to do with a job after the platform's own fault: wait and try again, or give it up.</summary>
public abstract record RetryDecision
{
    private RetryDecision() { }

    public sealed record Again(TimeSpan Delay) : RetryDecision;

    public sealed record GiveUp : RetryDecision;

    /// <param name="attempt">The delivery that failed, from 1.</param>
    public static RetryDecision After(int attempt) => attempt switch
    {
        <= 1 => new Again(TimeSpan.FromSeconds(5)),
        2 => new Again(TimeSpan.FromSeconds(30)),
        3 => new Again(TimeSpan.FromSeconds(120)),
        _ => new GiveUp(),
    };

    /// <summary>Deliveries after which a job that nobody answered for is given up, drained workers among them.</summary>
    private const int MostDeliveries = 8;

    /// <param name="attempt">Of this delivery, from 1.</param>
    public static bool IsPoison(int attempt) => attempt > MostDeliveries;
}
