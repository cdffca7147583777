namespace BuildKit.Client;

/// <summary>How a step stands.</summary>
public enum BuildStepState { Pending, Running, Cached, Done, Failed }

/// <summary>One step of a build as it is now.</summary>
/// <param name="Digest">Its identity within the build.</param>
/// <param name="Name">As the frontend calls it: <c>[build 3/5] RUN npm ci</c>.</param>
/// <param name="Duration">Time it has run, over all its starts; null before the first.</param>
public sealed record BuildStep(string Digest, string Name, BuildStepState State, TimeSpan? Duration, string? Error)
{
    /// <summary>The daemon's own work (reading the Dockerfile, the context).</summary>
    public bool IsInternal => Name.StartsWith("[internal]", StringComparison.Ordinal);
}

/// <summary>Receives a build's progress, one call at a time, from the build's own task: return quickly.</summary>
public interface IBuildProgress
{
    /// <summary>A step is new or has changed.</summary>
    void Step(BuildStep step);

    /// <summary>A whole line of a step's output, without its line end; of <c>\r</c>-separated progress only the last part.</summary>
    void Line(BuildStep step, bool isError, string text);

    /// <summary>The frontend warns.</summary>
    void Warning(string text);
}
