namespace Slipway.Core.Pipeline.Running;

/// <summary>How often a deployment's app ended and was started again since the server began to look, and how it ended last.</summary>
/// <param name="OutOfMemory">How often because it wanted more memory than it may have.</param>
/// <param name="Last">As it was seen when it had ended; null: never, or its container was gone.</param>
public sealed record RestartFacts(int Count, int OutOfMemory, Instance? Last)
{
    public static RestartFacts None { get; } = new(0, 0, null);

    public RestartFacts And(Instance? ended) => new(Count + 1, OutOfMemory + (ended?.WasOutOfMemory == true ? 1 : 0), ended);
}
