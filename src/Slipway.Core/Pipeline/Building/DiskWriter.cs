namespace Slipway.Core.Pipeline.Building;

/// <summary>A build that runs while the disk is short, by what its steps wrote.</summary>
/// <param name="Place">The order in which they began; a later one has lost less when it is stopped.</param>
/// <param name="Lately">Bytes of the last seconds; null: nobody counts them.</param>
/// <param name="Total">Bytes since it began.</param>
/// <param name="IsStopped">It was told to end, and has not ended yet.</param>
internal sealed record DiskWriter(int Place, long? Lately, long Total, bool IsStopped)
{
    /// <summary>Who is stopped for the disk's sake: the one that wrote most lately, and the next only if that did not help. Pure.</summary>
    /// <param name="isRecovering">One that was stopped is still there, or has only just gone: its bytes may be freed yet.</param>
    public static IReadOnlyList<DiskWriter> ToStop(IReadOnlyList<DiskWriter> running, long freeBytes, long reserveBytes, bool isRecovering)
    {
        if (freeBytes >= reserveBytes) return [];
        var going = running.Where(writer => !writer.IsStopped).OrderByDescending(writer => writer.Lately).ThenByDescending(writer => writer.Total).ThenByDescending(writer => writer.Place).ToList();
        // Whose bytes they are can't be said of any: what is served comes before all that build.
        if (running.All(writer => writer.Lately is null || writer.Total == 0)) return going;
        // Who fills what is left while another goes is not waited for.
        return going is [var first, ..] && (!isRecovering || first.Lately > freeBytes) ? [first] : [];
    }
}
