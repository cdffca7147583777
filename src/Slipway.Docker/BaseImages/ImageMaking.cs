using Docker.DotNet;

namespace Slipway.Docker.BaseImages;

/// <summary>Makes an image unless it is there; at once only one maker works on one tag, and nothing half-made is left.</summary>
internal sealed class ImageMaking(IDockerClient engine, LocalBaseImageOptions options, TimeProvider time)
{
    private readonly KeyedLock<ImageTag> _making = new();

    public EngineImages Images { get; } = new(engine, options.Owner, time);

    public async Task<BaseImage> EnsureAsync(
        ImageTag tag, string? version, Action<string> progress, Func<ScratchFolder, Task> make, CancellationToken ct)
    {
        if (await Images.FindAsync($"{tag}", ct) is { } found) return new($"{tag}", found, version);

        using var turn = await _making.TakeAsync(tag, ct);
        if (await Images.FindAsync($"{tag}", ct) is { } madeMeanwhile) return new($"{tag}", madeMeanwhile, version);

        progress($"making {tag}, once");
        var started = time.GetTimestamp();
        using (var scratch = new ScratchFolder(options.WorkDirectory, tag))
            await make(scratch);

        var id = await Images.FindAsync($"{tag}", ct) ?? throw new InvalidOperationException($"The engine lost {tag}.");
        progress($"made {tag} in {time.GetElapsedTime(started).TotalSeconds:0} s");
        return new($"{tag}", id, version);
    }

    /// <summary>What <paramref name="fill"/> writes, laid over the parent.</summary>
    /// <param name="commands">Run on it then, in the same layer.</param>
    public async Task LayerAsync(
        BaseImage parent, ImageTag tag, IList<string> changes, ScratchFolder scratch, Func<LayerTar, Task> fill, CancellationToken ct,
        IReadOnlyList<IList<string>>? commands = null, Action<string>? progress = null)
    {
        var tar = scratch.File("layer.tar");
        await using (var layer = new LayerTar(tar))
            await fill(layer);
        await Images.LayerAsync(parent, tag, tar, changes, commands ?? [], progress ?? (_ => { }), ct);
    }
}
