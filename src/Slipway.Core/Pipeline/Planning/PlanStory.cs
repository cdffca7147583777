using Slipway.Core.BuildLogs;

namespace Slipway.Core.Pipeline.Planning;

/// <summary>Tells a plan in the build log.</summary>
public static class PlanStory
{
    public static void Tell(BuildPlan plan, IBuildOutput output)
    {
        output.Say($"{plan.Framework ?? plan.Provider}{(plan.PackageManager is { } pm ? $" with {pm}" : "")} → {plan.Output.Kind}{(plan.Output.Directory is { } dir ? $" ({dir})" : "")}", "plan");
        foreach (var e in plan.Evidence) output.Say($"  {e.File}: {e.What}", "plan");
        foreach (var w in plan.Warnings) output.Say($"warning: {w}", "plan");
    }
}
