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
}
