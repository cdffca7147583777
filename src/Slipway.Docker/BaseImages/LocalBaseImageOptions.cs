namespace Slipway.Docker.BaseImages;

internal sealed record LocalBaseImageOptions
{
    /// <summary>Where half-made things live while they are made; nothing stays in it.</summary>
    public required string WorkDirectory { get; init; }

    /// <summary>The home's id: what one home left behind, another does not touch.</summary>
    public required string Owner { get; init; }

    /// <summary>Which npm registry to ask; the host's own setting by default.</summary>
    public Uri NpmRegistry { get; init; } = NpmRegistryAddress.OfHost();
}
