namespace Slipway.Core.Deployments;

/// <summary>Whose fault a failure is, by its code: who runs the platform wants to be woken for one kind only. Pure.</summary>
public static class FailureFault
{
    public const string User = "user";
    public const string Platform = "platform";

    private static readonly string[] Stages = ["platform.", "ship.", "store.", "registry."];

    /// <summary>Of stages whose other failures are the user's.</summary>
    private static readonly string[] Codes =
        ["build.disk_full", "build.over_budget", "build.frontend_unavailable", "build.base_unavailable", "run.image_missing", "route.edge_down", "plan.program_missing"];

    public static string Of(string code) => Stages.Any(s => code.StartsWith(s, StringComparison.Ordinal)) || Codes.Contains(code) ? Platform : User;
}
