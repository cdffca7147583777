using System.Collections.Concurrent;
using Docker.DotNet.Models;
using Slipway.Core.Pipeline.Building;

namespace Slipway.Docker.Shipping;

/// <summary>The engine's progress of a push or a pull, told as a line a layer and a sum at the end.</summary>
internal sealed class TransferProgress(string done, Action<string> tell) : IProgress<JSONMessage>
{
    private readonly ConcurrentDictionary<string, long> _moved = new(StringComparer.Ordinal);
    private int _there;

    /// <summary>Called whenever the engine says something.</summary>
    public Action Heard { get; set; } = () => { };

    public string? Error { get; private set; }

    public void Report(JSONMessage value)
    {
        Heard();
        Error ??= value.Error?.Message is { Length: > 0 } error ? error : null;
        if (value.ID is not { Length: > 0 } layer) return;
        if (value.Progress is { Current: > 0 and var current } && value.Status is "Pushing" or "Downloading") _moved[layer] = (long)current;
        if (value.Status is "Pushed" or "Pull complete") tell($"layer {layer} {done}{(_moved.TryGetValue(layer, out var bytes) ? $", {Size.Of(bytes)}" : "")}");
        if (value.Status is "Layer already exists" or "Already exists" || value.Status?.StartsWith("Mounted from", StringComparison.Ordinal) == true) _there++;
    }

    public void End() => tell(_moved.IsEmpty ? $"all {_there} layers were there already" : $"{_moved.Count} layers {done}, {Size.Of(_moved.Values.Sum())}; {_there} were there already");
}
