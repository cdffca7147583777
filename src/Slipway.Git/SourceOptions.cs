namespace Slipway.Git;

/// <summary>Settings of fetching sources.</summary>
public sealed class SourceOptions
{
    public const string Section = "Slipway:Sources";

    /// <summary>Hosts in private ranges that may be fetched from all the same: <c>host</c>, <c>host:port</c>, an address or a CIDR. Plain http is allowed for them only.</summary>
    public IList<string> AllowPrivate { get; init; } = [];

    /// <summary>Where uploads lie as <c>{id}.tar.gz</c>.</summary>
    public string UploadsDirectory { get; set; } = "";

    /// <summary>Most files of one source.</summary>
    public int MaxFiles { get; set; } = 200_000;

    /// <summary>Most bytes of one source, unpacked.</summary>
    public long MaxBytes { get; set; } = 4L << 30;

    /// <summary>Longest time of one fetch.</summary>
    public TimeSpan FetchTimeout { get; set; } = TimeSpan.FromMinutes(10);
    public string GitProgram { get; set; } = "git";

    internal SourceLimits Limits => new(MaxFiles, MaxBytes);
}
