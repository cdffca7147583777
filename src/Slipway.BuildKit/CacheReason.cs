using BuildKit.Client;

namespace Slipway.BuildKit;

/// <summary>
/// Why a step was not taken from the cache. BuildKit tells of each step what it works on and whether it was cached, not which part of
/// its key was new; so the answer is the step before it that ran, or else what its key is made of. Nothing is guessed.
/// </summary>
internal sealed class CacheReason
{
    private readonly Dictionary<string, BuildStep> _steps = new(StringComparer.Ordinal);

    /// <summary>Each step as it now stands.</summary>
    public void Note(BuildStep step) => _steps[step.Digest] = step;

    /// <param name="nameOf">A step's name in the log.</param>
    /// <returns>Null for a step that nothing is known of: a base, the daemon's own work, the image's export.</returns>
    public string? Of(BuildStep step, Func<BuildStep, string> nameOf)
    {
        if (step.IsCached || step.IsInternal || Instruction(step) is not { Length: > 0 } instruction || instruction == "FROM") return null;
        var inputs = step.Inputs.Select(digest => _steps.GetValueOrDefault(digest)).OfType<BuildStep>().ToList();
        if (inputs.Exists(input => input.State == BuildStepState.Pending)) return null;
        // Bases never say that they were cached, and the context is always looked at; both are in the key by what they hold.
        if (inputs.LastOrDefault(input => input.State is BuildStepState.Done or BuildStepState.Running && !input.IsInternal && Instruction(input) != "FROM") is { } ran)
            return $"it builds on {nameOf(ran)}, which ran";
        return instruction switch
        {
            "COPY" or "ADD" when inputs.Exists(input => input.IsInternal) => "no earlier result for these files on this base",
            "RUN" => "no earlier result for this command with these variables on this base",
            _ => "no earlier result for this instruction on this base",
        };
    }

    /// <summary><c>RUN</c> of <c>[build 3/5] RUN npm ci</c>; null for what is no instruction of the Dockerfile.</summary>
    private static string? Instruction(BuildStep step)
    {
        var name = step.Name;
        var end = name.IndexOf("] ", StringComparison.Ordinal);
        if (!name.StartsWith('[') || end < 0) return null;
        var word = name[(end + 2)..];
        return word.IndexOf(' ', StringComparison.Ordinal) is > 0 and var space ? word[..space] : word;
    }
}
