namespace Slipway.Core.Queueing;

/// <summary>What becomes of a leased job.</summary>
public abstract record LeaseDecision
{
    private LeaseDecision() { }

    public sealed record Complete : LeaseDecision;

    public sealed record Return(TimeSpan Delay) : LeaseDecision;

    public sealed record Bury(string Reason) : LeaseDecision;
}
