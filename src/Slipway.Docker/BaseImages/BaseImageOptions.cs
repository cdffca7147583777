namespace Slipway.Docker;

/// <summary>Where base images come from.</summary>
public sealed class BaseImageOptions
{
    public const string Section = "Slipway:BaseImages";

    /// <summary>
    /// <c>auto</c>: the official image, or our own where no registry gives it (air gap, rate limit);
    /// <c>registry</c>: only official; <c>bootstrap</c>: only our own, from Debian's packages and npm's binaries.
    /// </summary>
    public string Source { get; set; } = "auto";

    /// <summary>How long a registry may stay silent before it counts as out of reach.</summary>
    public TimeSpan RegistrySilence { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Where half-made images live while they are made.</summary>
    public string WorkDirectory { get; set; } = "";

    /// <summary>The home's id.</summary>
    public string HomeId { get; set; } = "";

    /// <summary>A checkout of Slipway, whose static server is published on first need; "" when there is none.</summary>
    public string Checkout { get; set; } = "";

    /// <summary>The published static server's root file system (made from <see cref="Checkout"/> when missing or old).</summary>
    public string StaticRoot { get; set; } = "";
}
