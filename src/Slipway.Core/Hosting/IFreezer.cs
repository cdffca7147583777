namespace Slipway.Core.Hosting;

/// <summary>
/// Stops and continues the processes of a container by its cgroup: in a fraction of a millisecond, and without the engine, which does
/// not notice. What may not be written is not there.
/// </summary>
public interface IFreezer
{
    /// <summary>The cgroup of a container, by one of its processes; null where it can't be seen or may not be written to.</summary>
    /// <param name="container">The engine's id, which the cgroup's name must hold: process numbers may be another machine's.</param>
    string? Find(long process, string container);

    bool IsFrozen(string group);

    /// <summary>Returns once nothing in it runs. False: it is gone, or may not be written to.</summary>
    Task<bool> FreezeAsync(string group, CancellationToken ct);

    /// <summary>False: it is gone, or may not be written to. One that is not frozen is fine.</summary>
    bool Thaw(string group);
}
