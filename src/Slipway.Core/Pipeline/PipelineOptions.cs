namespace Slipway.Core.Pipeline;

/// <summary>Settings of the pipeline and its worker.</summary>
public sealed class PipelineOptions
{
    public const string Section = "Slipway:Pipeline";

    /// <summary>Folder for the work folders of builds; wiped at start.</summary>
    public string WorkDirectory { get; set; } = "";

    /// <summary>Prefix of image names: <c>{prefix}/{project}:{hash}</c>.</summary>
    public string ImagePrefix { get; set; } = "slipway";

    /// <summary>8 hex digits of this home, on every label.</summary>
    public string HomeId { get; set; } = "";

    /// <summary>The host's CA bundle for package managers in builds; "" switches it off.</summary>
    public string CertificateBundle { get; set; } = "/etc/ssl/certs/ca-certificates.crt";

    /// <summary>The same for a repository's own Dockerfile (a copy of it gets the mount on each RUN).</summary>
    public bool TrustHostInOwnDockerfile { get; set; } = true;

    /// <summary>Who plans what has no Dockerfile of its own: <c>builtin</c>, <c>nixpacks</c> or <c>railpack</c>; the last two are programs that must be installed where builds run (docs/planners.md).</summary>
    public string Planner { get; set; } = "builtin";

    /// <summary>That program's path; empty: by its name.</summary>
    public string PlannerProgram { get; set; } = "";

    /// <summary>How long that program may take.</summary>
    public TimeSpan PlannerTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>The image that builds what Railpack plans; best of the same version as the program.</summary>
    public string RailpackFrontend { get; set; } = "ghcr.io/railwayapp/railpack-frontend";

    /// <summary>Longest time of one build.</summary>
    public TimeSpan BuildTimeout { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>Builds at once on this worker.</summary>
    public int Concurrency { get; set; } = 1;

    /// <summary>How long a lease lasts without a heartbeat; a killed worker's job is taken again after it.</summary>
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long running builds may go on at shutdown before they are handed back.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(20);
}
