namespace Slipway.Core.Pipeline.Running;

/// <summary>The volumes that instances of this home were given by name. They outlive instances, and go by hand only.</summary>
public interface IVolumes
{
    /// <summary>Removes it with all that is in it; missing is fine. While an instance has it, running or not: <see cref="VolumeInUseException"/>.</summary>
    Task RemoveAsync(ProjectId project, string name, CancellationToken ct);

    /// <summary>How the engine calls it, made or not.</summary>
    string EngineName(ProjectId project, string name);
}

/// <summary>An instance has the volume.</summary>
public sealed class VolumeInUseException(string volume) : Exception($"the volume {volume} is in use");
