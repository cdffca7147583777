using System.Net;
using Slipway.Core;
using Slipway.Core.Pipeline.Planning.Rules;

namespace Slipway.Edge;

/// <summary>Settings of the edge process.</summary>
public sealed class EdgeOptions
{
    public const string Section = "Slipway:Edge";

    /// <summary>The public port (<c>SLIPWAY_PORT</c>); 0 takes a free one, on 127.0.0.1 only.</summary>
    public int Port { get; set; } = 80;

    /// <summary>Listen on all addresses; otherwise on 127.0.0.1 and ::1.</summary>
    public bool BindPublic { get; set; }

    /// <summary>Unix socket of the admin API; its file mode (0600, or 0660 where its folder is shared) is the only lock it has.</summary>
    public string AdminSocket { get; set; } = "";

    /// <summary>The group of the run folder may open the admin socket and read the run file: a control plane in another container, as another user.</summary>
    public bool IsShared { get; set; }

    /// <summary>How a control plane in another container reaches the public port (<c>http://10.0.0.1:80</c>); empty: by loopback, as on one host.</summary>
    public string InternalUrl { get; set; } = "";

    /// <summary>Health checks of starting apps are made by the edge: for a control plane that has no way to apps' addresses itself.</summary>
    public bool Probes { get; set; }

    /// <summary>The last table, read at the next start.</summary>
    public string TableFile { get; set; } = "";

    /// <summary>Says where this edge is while it runs.</summary>
    public string RunFile { get; set; } = "";

    /// <summary>Named on the page for unknown hosts.</summary>
    public string BaseDomain { get; set; } = "localhost";

    /// <summary>How long a stopping edge waits for requests in flight.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an app's address may take to accept a connection.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a request, stream or WebSocket may pass no byte in either direction.</summary>
    public TimeSpan ActivityTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>An unused connection to an app is closed after this; shorter than the app's own keep-alive (Node: 5 s), else it closes under a request.</summary>
    public TimeSpan IdleConnectionTimeout { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>Open client connections; more are refused.</summary>
    public int MaxConnections { get; set; } = 20_000;

    /// <summary>All request headers together, in bytes.</summary>
    public int MaxRequestHeadersSize { get; set; } = 32 * 1024;

    /// <summary>Slower clients are cut off: bytes a second, after a grace of <see cref="SlowClientGrace"/>.</summary>
    public int MinBytesPerSecond { get; set; } = 240;

    /// <summary>How long a client may be slower than <see cref="MinBytesPerSecond"/>.</summary>
    public TimeSpan SlowClientGrace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a request waits for an app that should serve and does not just now, before it is told so.</summary>
    public TimeSpan WaitForApp { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a request waits for an app that sleeps, before it is told to come again.</summary>
    public TimeSpan WaitForWake { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Requests that may wait at a time; more are told at once, and wake nothing.</summary>
    public int MaxWaiting { get; set; } = 1_000;

    /// <summary>What waiting requests may hold of the edge's memory together, in megabytes, up to one of each body; more are told at once.</summary>
    public int MaxWaitingMegabytes { get; set; } = 64;

    /// <summary>Who comes with one of these words in the User-Agent does not keep an app awake, and is told by a sleeping one to come again later (503); empty: nobody.</summary>
    public string Crawlers { get; set; } = "bot/,bot-,bot;,bot),bot (,crawl,spider,slurp,facebookexternalhit,embedly,whatsapp/,skypeuripreview,archiver";

    /// <summary>The same for monitors, which are told by a sleeping app that all is well (200).</summary>
    public string Monitors { get; set; } = "uptimerobot,uptime-kuma,pingdom,statuscake,betteruptime,better uptime,site24x7,hetrixtools,freshping,checkly,datadogsynthetics,newrelicpinger,nagios,check_http,zabbix,blackbox,gatus,kube-probe";

    /// <summary>Unix socket where the companion thaws an app; none there: the control plane does it.</summary>
    public string CompanionSocket { get; set; } = "";

    /// <summary>Compress answers of apps that did not do so themselves, by brotli or gzip, as the client takes them.</summary>
    public bool Compression { get; set; } = true;

    /// <summary>Memory for assets that never change (<c>Cache-Control: immutable</c>), in megabytes; the longest unused goes first, and none is larger than an eighth. 0: none is kept.</summary>
    public int CacheMegabytes { get; set; } = 64;

    /// <summary>Wrong passwords for a protected project that one address may send in five minutes; after that none of its are looked at.</summary>
    public int PasswordAttempts { get; set; } = 10;

    /// <summary>How long a browser that gave the right password is not asked again.</summary>
    public TimeSpan PasswordLifetime { get; set; } = TimeSpan.FromDays(7);

    /// <summary>A port of its own for <c>/metrics</c>; 0: none. The control plane passes the same on at <c>/metrics/edge</c>.</summary>
    public int MetricsPort { get; set; }

    /// <summary>The address that <see cref="MetricsPort"/> is opened on; one that is not loopback needs <see cref="MetricsTokenFile"/>.</summary>
    public string MetricsListen { get; set; } = "127.0.0.1";

    /// <summary>File with the token that a scraper must send; read anew at each scrape.</summary>
    public string MetricsTokenFile { get; set; } = "";

    /// <summary>Run continuations on the sockets' own threads: a third less CPU a request, at some cost in latency when saturated.</summary>
    public bool InlineScheduling { get; set; }

    /// <summary>Which addresses rewrites may lead to; no setting, for there is no other right answer.</summary>
    internal Func<IPAddress, bool> MayReach { get; set; } = PublicAddress.Is;

    /// <summary>TLS at the edge.</summary>
    public EdgeTlsOptions Tls { get; set; } = new();

    /// <summary>What cannot be right, named by its setting; null: nothing.</summary>
    public string? Fault()
    {
        if (InternalUrl.Length > 0 && (!Uri.TryCreate(InternalUrl, UriKind.Absolute, out var url) || url.Scheme != "http")) return $"{Section}:InternalUrl is '{InternalUrl}'; give an address like http://10.0.0.1:80";
        if (CacheMegabytes is < 0 or > 65536) return $"{Section}:CacheMegabytes is {CacheMegabytes}; give a number from 0 to 65536";
        if (PasswordAttempts < 1) return $"{Section}:PasswordAttempts is {PasswordAttempts}; give a number above zero";
        if (PasswordLifetime < TimeSpan.FromMinutes(1) || PasswordLifetime > TimeSpan.FromDays(400)) return $"{Section}:PasswordLifetime is {PasswordLifetime}; give a time from a minute to 400 days";
        if (MetricsPort is < 0 or > 65535) return $"{Section}:MetricsPort is {MetricsPort}, which is no port; give a number from 1 to 65535, or 0 for none";
        if (Tls.Port is < 0 or > 65535) return $"{EdgeTlsOptions.Section}:Port is {Tls.Port}, which is no port; give a number from 1 to 65535, or 0 for none";
        if (Tls.LookEvery <= TimeSpan.Zero) return $"{EdgeTlsOptions.Section}:LookEvery is {Tls.LookEvery}; give a time above zero";
        if (Tls.Folder.Length > 0 && !Directory.Exists(Tls.Folder)) return $"{EdgeTlsOptions.Section}:Folder: there is no folder {Tls.Folder}";
        if (MetricsPort == 0) return null;
        if (!IPAddress.TryParse(MetricsListen, out var address)) return $"{Section}:MetricsListen is '{MetricsListen}', which is no address; give one like 127.0.0.1 or 0.0.0.0";
        if (!IPAddress.IsLoopback(address) && MetricsTokenFile.Length == 0) return $"{Section}:MetricsListen is {MetricsListen}, which strangers reach; name a file with a token in {Section}:MetricsTokenFile, or listen on 127.0.0.1";
        return MetricsTokenFile.Length > 0 && !File.Exists(MetricsTokenFile) ? $"{Section}:MetricsTokenFile: there is no {MetricsTokenFile}" : null;
    }

    /// <summary>The paths of one installation.</summary>
    public static EdgeOptions For(SlipwayHome home) => new()
    {
        AdminSocket = home.EdgeSocket,
        TableFile = home.EdgeTable,
        RunFile = Path.Combine(home.Run, "edge.json"),
        CompanionSocket = home.CompanionSocket,
    };
}
