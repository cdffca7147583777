namespace Slipway.BuildKit;

/// <summary>Where builds run.</summary>
public sealed class BuildKitOptions
{
    public const string Section = "Slipway:BuildKit";

    /// <summary>The Docker Engine's socket; its embedded BuildKit is used.</summary>
    public string EngineSocket { get; set; } = "/var/run/docker.sock";
}
