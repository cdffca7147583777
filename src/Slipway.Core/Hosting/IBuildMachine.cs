namespace Slipway.Core.Hosting;

/// <summary>The machine under the builds: what it has left, and the limits of their steps. Without root it says what is not held instead of failing.</summary>
public interface IBuildMachine
{
    MachineMemory Memory();

    /// <summary>Free bytes on the disk of the engine's data; null when it can't be seen from here.</summary>
    long? FreeBytes();

    /// <summary>How many more files that disk has room for; null when it can't be seen, or the disk sets no number.</summary>
    FileRoom? Files();

    /// <summary>As of the last <see cref="Hold"/>; null before the first.</summary>
    StepLimitStatus? Status { get; }

    /// <summary>
    /// From now on each step of a build that has begun (<see cref="Begin"/>) is held to these limits from its first moments. The same
    /// again changes nothing. Steps of others on the same engine are left alone, except for what all steps share.
    /// </summary>
    StepLimitStatus Hold(EngineLayout engine, StepLimits limits);

    /// <summary>A process of some held step that runs at this moment, by its number on this host; null: none does.</summary>
    int? AnyStep();

    /// <summary>A build begins: its steps, known by their <see cref="StepMark"/>, are held, and what they run into is told, until it is disposed of.</summary>
    IBuildHold Begin(DeploymentId build);
}

/// <summary>A disk's files (inodes): full of small ones it has bytes left that nobody can use.</summary>
/// <param name="Free">For ordinary users.</param>
public readonly record struct FileRoom(long Free, long Total)
{
    private const long Most = 50_000;

    /// <summary>A twentieth is kept for what is served, of a large disk less.</summary>
    public bool IsShort => Free < Math.Min(Total / 20, Most);
}

/// <summary>One build whose steps are held.</summary>
public interface IBuildHold : IDisposable
{
    /// <summary>What its steps ran into so far, oldest first.</summary>
    IReadOnlyList<StepHit> Hits { get; }

    /// <summary>
    /// Bytes that its steps have written to disks so far, less what was thrown away before it got there; counted anew by each call,
    /// and never less than before. What ended between two calls may be missing. Null: nobody counts them here.
    /// </summary>
    long? CountWritten();
}
