namespace Slipway.Core.Pipeline.Planning.Providers;

/// <summary>Knows one way to build and start an app.</summary>
internal interface IPlanProvider
{
    /// <summary>Null: not this kind. A Failure: this kind, but it cannot be planned.</summary>
    Outcome<BuildPlan>? TryPlan(PlanInput input);
}
