namespace Slipway.Core;

/// <summary>Where a one-machine installation keeps everything (<c>SLIPWAY_HOME</c>, default <c>~/.slipway</c>).</summary>
public sealed record SlipwayHome(string Root)
{
    /// <summary>SQLite file.</summary>
    public string Database => Path.Combine(Root, "slipway.db");

    /// <summary>Uploaded archives, one file each: <c>{upload id}.tar.gz</c>.</summary>
    public string Uploads => Path.Combine(Root, "uploads");

    /// <summary>Work folders of builds; wiped at start.</summary>
    public string Work => Path.Combine(Root, "work");

    /// <summary>Keys, each 0600: <c>token</c> (API), <c>master.key</c> (encryption at rest).</summary>
    public string Keys => Path.Combine(Root, "keys");

    /// <summary>The API token's file.</summary>
    public string TokenFile => Path.Combine(Keys, "token");

    /// <summary>Logs of the processes themselves: <c>server.log</c>, <c>edge.log</c>, <c>dockerd.log</c>.</summary>
    public string Logs => Path.Combine(Root, "logs");

    /// <summary>What apps printed, a folder for each deployment.</summary>
    public string RuntimeLogs => Path.Combine(Root, "runtime-logs");

    /// <summary>What runs: <c>server.json</c>, <c>edge.json</c> (<see cref="RunFile"/>), sockets. <c>SLIPWAY_RUN</c> names another folder, which edge and server in containers of their own share.</summary>
    public string Run { get; init; } = Path.Combine(Root, "run");

    /// <summary>Whoever shares the folder has processes that we can't see by their numbers; its group may open what is in it.</summary>
    public bool IsRunShared => Run != Path.Combine(Root, "run");

    /// <summary>The edge's admin socket.</summary>
    public string EdgeSocket => Path.Combine(Run, "edge.sock");

    /// <summary>Where the companion is asked to thaw.</summary>
    public string CompanionSocket => Path.Combine(Run, "companion.sock");

    /// <summary>The edge's last table.</summary>
    public string EdgeTable => Path.Combine(Root, "edge", "table.json");

    /// <summary>Certificates that were fetched, read by the edge; in the run folder where that is what edge and server share.</summary>
    public string AutomaticCertificates => Path.Combine(IsRunShared ? Run : Path.Combine(Root, "edge"), "certificates");

    /// <summary>Below it is what the edge answers an ACME authority.</summary>
    public string Challenges => Path.Combine(IsRunShared ? Run : Path.Combine(Root, "edge"), "acme");

    /// <summary>The accounts at ACME authorities, and what was asked of them.</summary>
    public string Acme => Path.Combine(Root, "acme");

    /// <summary>8 hex digits that mark all we make on this host: labels, networks, tables, cgroups. Made at first use.</summary>
    public string IdFile => Path.Combine(Root, "home.id");

    public static SlipwayHome FromEnvironment()
    {
        var set = Environment.GetEnvironmentVariable("SLIPWAY_HOME");
        var home = new SlipwayHome(Path.GetFullPath(string.IsNullOrWhiteSpace(set)
            ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".slipway")
            : set));
        return Environment.GetEnvironmentVariable("SLIPWAY_RUN") is { Length: > 0 } run ? home with { Run = Path.GetFullPath(run) } : home;
    }
}

/// <summary>What a running role says of itself in <c>run/{role}.json</c>; written when it is ready, removed when it stops.</summary>
/// <param name="Address">server: the API's base address; edge: its public base address (<c>http://127.0.0.1:80</c>).</param>
/// <param name="BaseDomain">Default <c>localhost</c>.</param>
public sealed record RunFile(int Pid, string Version, string Address, string BaseDomain, bool IsPublic, DateTimeOffset StartedAt);
