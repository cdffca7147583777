using System.Text.Json.Serialization;

namespace Slipway.Client;

// The wire types of /v1, as stable as the URLs. Golden-tested: docs/api and tests/Server.Tests.

/// <summary><c>deploy --json</c>, <c>inspect --json</c>, <c>GET /v1/deployments/{id}</c>.</summary>
public sealed record DeploymentView
{
    public required string Id { get; init; }
    public required string Project { get; init; }

    /// <summary>waiting queued building deploying ready error canceled ended.</summary>
    public required string State { get; init; }

    /// <summary>Ready, and asleep because nobody used it for a while: a request wakes it.</summary>
    public bool Asleep { get; init; }

    /// <summary>Production's while this deployment holds it, else the preview's. Answers when State is ready.</summary>
    public required string Url { get; init; }
    public required string PreviewUrl { get; init; }
    public required string ProductionUrl { get; init; }
    public required SourceView Source { get; init; }
    public FailureView? Failure { get; init; }

    /// <summary>Milliseconds; null for what has not run.</summary>
    public required TimingsView Timings { get; init; }

    /// <summary>Asked for production (<c>--prod</c>).</summary>
    public bool Production { get; init; }
    public int Attempt { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Null unless State is ended.</summary>
    public EndedView? Ended { get; init; }
    public required string Trigger { get; init; }

    /// <summary>The page with state, link and log.</summary>
    public required string DetailsUrl { get; init; }

    /// <summary>Bases of Slipway's own that it was built on, because no registry gave what was asked for; empty: none, or not built yet.</summary>
    public IReadOnlyList<StandInView> StandIns { get; init; } = [];

    /// <summary>The addresses of the project's own domains, while this deployment holds production; null where several deployments or their changes are told.</summary>
    public IReadOnlyList<string>? Domains { get; init; }

    /// <summary>Which hosts of its project ask for a password: <c>all</c> or <c>previews</c>; null: none.</summary>
    public string? Protected { get; init; }

    /// <summary>Its latest build's steps; null where several deployments or their changes are told.</summary>
    public IReadOnlyList<StepView>? Steps { get; init; }
}

/// <param name="Asked">As the Dockerfile or the plan names it: <c>node:22-slim</c>.</param>
/// <param name="Used">The image of Slipway's own that took its place.</param>
public sealed record StandInView(string Asked, string Used);

/// <param name="Kind"><c>git</c> or <c>upload</c>.</param>
public sealed record SourceView(string Kind, string? Url, string? Ref, string? Commit, string? CommitMessage, string? Author, string? Branch, string? Folder);

public sealed record FailureView(string Code, string Message, string? Step, int? ExitCode, string? Hint);

public sealed record TimingsView(long? Queued, long? Fetch, long? Plan, long? Build, long? Seal, long? Run, long? Route, long? Total);

/// <summary><c>POST /v1/deployments</c>. Exactly one of <see cref="GitUrl"/> and <see cref="Upload"/>.</summary>
public sealed record CreateDeployment
{
    /// <summary>Null: derived from <see cref="Origin"/>'s last part; refused when that project belongs to another origin.</summary>
    public string? Project { get; init; }
    public string? GitUrl { get; init; }
    public string? Ref { get; init; }
    public string? Upload { get; init; }

    /// <summary>upload only: <c>folder:{machine}:{path}</c>, so that another folder doesn't take over a project by its name.</summary>
    public string? Origin { get; init; }

    /// <summary>upload only: the folder's name, for the suggestion of a project name and for display.</summary>
    public string? Folder { get; init; }

    /// <summary>upload from a git work tree: what HEAD is, for display.</summary>
    public string? Commit { get; init; }
    public string? CommitMessage { get; init; }
    public string? Branch { get; init; }
    public bool Production { get; init; }
    public string? RootDirectory { get; init; }
    public IReadOnlyDictionary<string, string>? Environment { get; init; }

    /// <summary>cli, dashboard or api.</summary>
    public string? Trigger { get; init; }
}

/// <summary><c>POST /v1/uploads</c> (body: a .tar.gz) → 201.</summary>
public sealed record UploadView(string Id, long Bytes);

/// <summary><c>GET /v1/projects</c>, <c>GET /v1/projects/{name}</c>.</summary>
public sealed record ProjectView(string Id, string Name, string Origin, string? ProductionBranch, string ProductionUrl, string? ProductionDeployment, string? RootDirectory, DateTimeOffset CreatedAt)
{
    /// <summary>A roll back pinned production: nothing but <c>promote</c>, another roll back or a release moves it.</summary>
    public bool ProductionPinned { get; init; }
}

/// <summary>How a project's idle deployments sleep: <c>GET</c> and <c>PUT /v1/projects/{name}/sleep</c>.</summary>
/// <param name="Enabled">They sleep at all.</param>
/// <param name="AfterSeconds">Unused for so long: frozen, woken in milliseconds.</param>
/// <param name="StopAfterSeconds">Unused for so long: stopped, woken in about a second.</param>
/// <param name="Production">What serves production sleeps too.</param>
/// <param name="CrawlersWake">Crawlers and monitors keep an app awake and wake it.</param>
/// <param name="Own">False: all as the installation says.</param>
public sealed record SleepView(bool Enabled, long AfterSeconds, long StopAfterSeconds, bool Production, bool CrawlersWake, bool Own);

/// <summary>What is null stays as it is.</summary>
public sealed record SetSleep(bool? Enabled = null, long? AfterSeconds = null, long? StopAfterSeconds = null, bool? Production = null, bool? CrawlersWake = null);

/// <summary>How long a project's deployments are kept: <c>GET</c> and <c>PUT /v1/projects/{name}/retention</c>.</summary>
/// <param name="Keep">The last so many, besides production and the newest of each branch.</param>
/// <param name="PreviewIdleSeconds">A preview that nobody used for so long ends; 0: never for that.</param>
/// <param name="Own">False: all as the installation says.</param>
public sealed record RetentionView(int Keep, long PreviewIdleSeconds, bool Own);

/// <summary>What is null stays as it is.</summary>
public sealed record SetRetention(int? Keep = null, long? PreviewIdleSeconds = null);

/// <summary>How a project's new instances are asked whether they are up: <c>GET</c> and <c>PUT /v1/projects/{name}/health</c>.</summary>
/// <param name="Path">Asked by GET, redirects not followed.</param>
/// <param name="Status">Statuses that mean yes: <c>200</c>, <c>200-399</c>, <c>200,204</c>.</param>
/// <param name="TimeoutSeconds">One answer may take so long.</param>
/// <param name="GraceSeconds">A new instance may take so long until it answers well.</param>
/// <param name="IntervalSeconds">The longest pause between two questions; the first ones follow each other faster.</param>
/// <param name="Own">False: all as the installation says.</param>
public sealed record HealthView(string Path, string Status, double TimeoutSeconds, double GraceSeconds, double IntervalSeconds, bool Own);

/// <summary>What is null stays as it is.</summary>
public sealed record SetHealth(string? Path = null, string? Status = null, double? TimeoutSeconds = null, double? GraceSeconds = null, double? IntervalSeconds = null);

/// <summary>Which of a project's hosts ask for its password: <c>GET</c> and <c>PUT /v1/projects/{name}/protection</c>.</summary>
/// <param name="Hosts"><c>none</c>, <c>all</c>, or <c>previews</c>: production is open.</param>
public sealed record ProtectionView(string Hosts)
{
    /// <summary>By <c>slipway protect --generate --json</c> only: the server keeps a hash.</summary>
    public string? Password { get; init; }

    public override string ToString() => Hosts;
}

/// <summary>What is null stays as it is; a first password's hosts are all.</summary>
public sealed record SetProtection(string? Hosts = null, string? Password = null)
{
    public override string ToString() => "***";
}

/// <summary>First message of <c>GET /v1/deployments/{id}/exec</c> (a WebSocket): the command.</summary>
/// <param name="Command">A program of the image and its words; no shell reads them.</param>
/// <param name="Terminal">It gets a terminal; its output is one stream then.</param>
public sealed record ExecStart(IReadOnlyList<string> Command, bool Terminal = false, int Columns = 80, int Rows = 24);

/// <summary>A later one: the terminal's new size, or that there is no more input. Input itself comes as binary messages.</summary>
public sealed record ExecInput(int? Columns = null, int? Rows = null, bool End = false);

/// <summary>The last message of the server: the exit code, or why there is none. Output comes before it, as binary messages that begin with 1 (out) or 2 (err).</summary>
public sealed record ExecEnd(int? ExitCode, string? Code = null, string? Message = null, string? Hint = null);

/// <summary>When a deployment ended, and why.</summary>
/// <param name="Reason"><c>rm</c>, <c>count</c>, <c>idle</c> or <c>branch_closed</c>.</param>
/// <param name="Why">In words.</param>
/// <param name="CanBuildAgain">Its source can still be had: <c>POST /v1/deployments/{id}/redeploy</c>.</param>
public sealed record EndedView(DateTimeOffset At, string Reason, string Why, bool CanBuildAgain);

/// <summary>Where production points after <c>POST /v1/deployments/{id}/promote</c> and <c>POST /v1/projects/{name}/rollback</c>.</summary>
/// <param name="Deployment">What answers at <paramref name="Url"/>.</param>
/// <param name="Previous">Id of what held it before; null for none.</param>
/// <param name="Pinned">It stays there: the next deployment for production stays a preview.</param>
/// <param name="TookMs">From the pointer's move until the edge answered by it.</param>
public sealed record ProductionView(string Project, string Url, DeploymentView Deployment, string? Previous, bool Pinned, double TookMs);

/// <summary>A host that leads to a deployment: <c>GET /v1/projects/{name}/aliases</c>.</summary>
/// <param name="Kind"><c>production</c>, <c>domain</c>, <c>redirect</c>, <c>branch</c> or <c>preview</c>.</param>
/// <param name="Deployment">Its id.</param>
/// <param name="Branch">Of a branch's host.</param>
/// <param name="Pinned">Production's, while a roll back pins it.</param>
public sealed record AliasView(string Host, string Url, string Kind, string Deployment, string State, string? Branch, bool Pinned);

/// <summary>A project's own domain: <c>GET /v1/projects/{name}/domains</c>.</summary>
/// <param name="RedirectTo">Visitors are sent on to this domain of the project; null: it serves production.</param>
public sealed record DomainView(string Host, string Url, string? RedirectTo, DateTimeOffset CreatedAt)
{
    /// <summary>How it stands with its certificate.</summary>
    public CertificateView? Certificate { get; init; }
}

/// <summary>How it stands with a host's certificate: <c>GET /v1/certificates</c> has all of them.</summary>
/// <param name="Host">Or a wildcard: <c>*.apps.example.com</c>.</param>
/// <param name="State"><c>none</c>, <c>file</c> (a person put it there), <c>asked</c>, <c>waiting</c> (until the limit of an hour or a day allows), <c>valid</c> (fetched) or <c>failed</c>.</param>
/// <param name="ValidUntil">The end of the one that is shown; null: none is.</param>
/// <param name="Failure">Why there is none, or why it was not renewed, and what to do.</param>
/// <param name="AgainAt">When it is asked for again.</param>
/// <param name="Url">Where it is served over TLS, with the port; null: it is not.</param>
public sealed record CertificateView(string Host, string State, DateTimeOffset? ValidUntil, FailureView? Failure, DateTimeOffset? AgainAt, string? Url);

/// <summary><c>POST /v1/projects/{name}/domains</c>: adds it, or changes where it redirects.</summary>
public sealed record AddDomain(string Host, string? RedirectTo = null);

/// <summary>A folder that a project's production keeps across deployments: <c>GET /v1/projects/{name}/volumes</c>.</summary>
/// <param name="Path">Where the app finds it.</param>
/// <param name="Engine">The engine's name of it, made at the next start: <c>docker volume inspect</c> says where the data lies.</param>
public sealed record VolumeView(string Name, string Path, string Engine, DateTimeOffset CreatedAt);

/// <summary><c>POST /v1/projects/{name}/volumes</c>.</summary>
/// <param name="Path">Absolute, as the app writes it: <c>/data</c>.</param>
/// <param name="Name">Null: the path's last part.</param>
public sealed record AddVolume(string Path, string? Name = null);

/// <summary>A way out that a project's apps have: <c>GET /v1/projects/{name}/ways</c>.</summary>
/// <param name="Address"><c>10.0.0.5:5432</c>.</param>
/// <param name="State"><c>open</c>; <c>redeploy</c> (what runs is to be deployed again, for it began before the project had a way), <c>waiting</c> (the fence has not taken it yet) or <c>unfenced</c> (no fence stands on this host: nothing had to be opened).</param>
public sealed record WayView(string Address, string State, DateTimeOffset CreatedAt);

/// <summary><c>POST /v1/projects/{name}/ways</c>.</summary>
/// <param name="Address">IPv4 and port: <c>10.0.0.5:5432</c>.</param>
public sealed record AddWay(string Address);

/// <summary>What a roll back would bring back: <c>GET /v1/projects/{name}/rollback</c>.</summary>
/// <param name="From">What serves now; null when production is nobody's.</param>
/// <param name="WasProductionAt">When it last became production; null when that is not known, or never was.</param>
/// <param name="Environment">Variables that differ from what serves now, by name; values are never told.</param>
/// <param name="Differs">What else differs, each in words.</param>
public sealed record RollbackView(string Project, DeploymentView? From, DeploymentView To, DateTimeOffset? WasProductionAt, IReadOnlyList<VariableDifferenceView> Environment, IReadOnlyList<string> Differs);

/// <param name="Change"><c>added</c>, <c>removed</c> or <c>changed</c>, as against what serves now.</param>
public sealed record VariableDifferenceView(string Name, string Change);

/// <summary><c>POST /v1/projects/{name}/rollback</c>.</summary>
/// <param name="Deployment">Its id or hash; null: what was production before.</param>
public sealed record RollbackRequest(string? Deployment = null);

/// <summary><c>GET /v1/projects/{name}/env</c>. Value is null for a secret.</summary>
/// <param name="Target"><c>production</c>, <c>preview</c> or <c>both</c>.</param>
/// <param name="Phase"><c>build</c>, <c>run</c> or <c>both</c>.</param>
public sealed record EnvironmentVariableView(string Name, string? Value, string Target, string Phase, bool Secret);

/// <summary><c>PUT /v1/projects/{name}/env</c>: sets or replaces each by (name, target).</summary>
public sealed record SetEnvironment(IReadOnlyList<SetEnvironmentVariable> Variables);

public sealed record SetEnvironmentVariable(string Name, string Value, string Target = "both", string Phase = "both", bool Secret = false);

/// <summary>A line of <c>GET /v1/deployments/{id}/logs</c>, and the data of each SSE event <c>line</c> of <c>…/logs/stream</c> (id: = sequence).</summary>
/// <param name="Stream">system, out or err.</param>
/// <param name="Step">The stage (<c>fetch plan base seal run route</c>) or build step (<c>build 3/7</c>) it belongs to.</param>
public sealed record LogLineView(long Sequence, DateTimeOffset At, string Stream, string? Step, string Text)
{
    /// <summary>The line tells that its step stands differently; not there for all other lines.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public StepChangeView? Change { get; init; }
}

/// <summary>A line of <c>GET /v1/deployments/{id}/runtime-logs</c>, and the data of each SSE event <c>line</c> of <c>…/runtime-logs/stream</c> (id: = number).</summary>
/// <param name="Number">Ascending as lines were stored, over all deployments: where a stream that broke goes on.</param>
/// <param name="Deployment">Whose app printed it, by its hash.</param>
/// <param name="Stream">out or err; note: Slipway's own word, that lines were dropped for want of room.</param>
public sealed record RuntimeLineView(long Number, string Deployment, DateTimeOffset At, string Stream, string Text);

/// <summary><c>stats --json</c>, <c>GET /v1/metrics</c>, <c>GET /v1/deployments/{id}/metrics</c>. Null: it cannot be seen, or nothing was measured yet.</summary>
public sealed record DeploymentMetricsView
{
    /// <summary>Its hash.</summary>
    public required string Deployment { get; init; }
    public required string Project { get; init; }

    /// <summary>Visitors of the production host get it.</summary>
    public bool Production { get; init; }

    /// <summary>running frozen exited created.</summary>
    public required string State { get; init; }

    /// <summary>When its app was started last; CPU and bytes count from then.</summary>
    public DateTimeOffset? StartedAt { get; init; }
    public double? CpuSeconds { get; init; }

    /// <summary>Of one core, since the look before this one: some seconds.</summary>
    public double? CpuPercent { get; init; }
    public long? MemoryBytes { get; init; }
    public long? MemoryLimitBytes { get; init; }
    public long? ReceivedBytes { get; init; }
    public long? SentBytes { get; init; }

    /// <summary>Since the server came up.</summary>
    public int Restarts { get; init; }
    public ExitView? LastExit { get; init; }

    /// <summary>Since the edge came up, by class of status: 1xx to 5xx; gone: the visitor left before an answer.</summary>
    public required IReadOnlyDictionary<string, long> Requests { get; init; }

    /// <summary>How long the minutes are that rate and latency are of: five, less when the server came up since.</summary>
    public double WindowSeconds { get; init; }
    public double? RequestsPerSecond { get; init; }

    /// <summary>Null when nobody came in those minutes.</summary>
    public LatencyView? Latency { get; init; }
}

/// <summary>How an app ended that was started again.</summary>
public sealed record ExitView(DateTimeOffset? At, int ExitCode, bool OutOfMemory);

/// <summary>In milliseconds: half, nine tenths and 99 of a hundred requests took at most so long, as far as buckets tell.</summary>
public sealed record LatencyView(double? P50Ms, double? P90Ms, double? P99Ms);

/// <param name="Attempt">The build of the deployment that it is of; each has steps of its own.</param>
/// <param name="Name">The whole step: <c>[build 3/7] RUN npm ci</c>.</param>
/// <param name="State">running done cached failed canceled.</param>
/// <param name="Why">Why it was not cached, as far as the builder tells.</param>
public sealed record StepChangeView(int Attempt, string Name, string State, long? DurationMs, string? Why);

/// <summary>A step of a build: <c>GET /v1/deployments/{id}/steps</c>.</summary>
/// <param name="Step">As its lines name it: <c>build 3/7</c>.</param>
/// <param name="Stage">Of the Dockerfile; null where there is one, and for steps that are no instruction.</param>
/// <param name="Number">Its place in the stage, from 1.</param>
/// <param name="Total">How many the stage has.</param>
/// <inheritdoc cref="StepChangeView"/>
public sealed record StepView(string Step, string Name, string State, string? Stage, int? Number, int? Total, DateTimeOffset StartedAt, long? DurationMs, string? Why);

/// <summary><c>GET /v1/status</c>: what the server knows; the CLI adds what it sees of the processes.</summary>
public sealed record StatusView
{
    public required ServerStatus Server { get; init; }
    public required EngineStatus Engine { get; init; }
    public required IReadOnlyList<RoleStatus> Roles { get; init; }
    public required DiskStatus Disk { get; init; }

    /// <summary>By state.</summary>
    public required IReadOnlyDictionary<string, int> Deployments { get; init; }
}

public sealed record ServerStatus(int Pid, string Version, string Api, string Edge, long RssBytes);

public sealed record EngineStatus(bool Reachable, string? Version, string? ApiVersion, string Socket, string? Error);

public sealed record RoleStatus(string Name, string State, int? Pid, long? RssBytes, string? Detail);

/// <param name="ImagesBytes">All images of the engine.</param>
/// <param name="OwnImagesBytes">Of them, what only this home's images use.</param>
/// <param name="CachePolicy">What happens to the build cache, in words.</param>
public sealed record DiskStatus(long HomeBytes, long ImagesBytes, long BuildCacheBytes, long FreeBytes, long OwnImagesBytes = 0, string? CachePolicy = null);

/// <summary>RFC 9457 with our stable code.</summary>
public sealed record ProblemView(string? Type, string? Title, int? Status, string? Detail, string? Code, string? Field, string? Hint);

/// <summary>A job that was given up by the platform's own fault: <c>GET /v1/admin/failed-jobs</c>.</summary>
/// <param name="Sequence">Names it for <c>…/{sequence}/replay</c> and <c>DELETE</c>.</param>
/// <param name="Deployment">Its id; null for a message that could not be read as a job.</param>
/// <param name="Project">Null when the deployment is gone.</param>
/// <param name="Attempts">How often it was given out.</param>
public sealed record FailedJobView(long Sequence, string? Deployment, string? Project, int Attempts, string Reason, DateTimeOffset At);

/// <summary>Who did what: <c>GET /v1/audit</c>, newest first.</summary>
/// <param name="Id">Ascending as entries were written; the page after this one: <c>?before={id of its last}</c>.</param>
/// <param name="Actor">What let them in, and from where: <c>token from 127.0.0.1</c>.</param>
/// <param name="Action"><c>exec</c>, <c>way.open</c>, <c>way.close</c>, <c>volume.add</c>, <c>volume.remove</c>, <c>protection.set</c>, <c>protection.remove</c>, <c>env.set</c>, <c>env.remove</c> or <c>project.remove</c>.</param>
/// <param name="Project">Its name then; the entry stays when the project goes.</param>
/// <param name="Detail">In words, at most 1,000 characters.</param>
public sealed record AuditEntryView(long Id, DateTimeOffset At, string Actor, string Action, string? Project, string Detail);

/// <summary>One-use link for a browser: <c>POST /v1/auth/links</c> → 201.</summary>
public sealed record LoginLinkView(string Url, DateTimeOffset ExpiresAt);

/// <summary><c>plan DIR --json</c>.</summary>
public sealed record PlanView(
    string Provider, string? Framework, string? PackageManager, string? Install, string? Build, string? Start,
    PlanOutputView Output, int Port, string Dockerfile, IReadOnlyList<PlanEvidenceView> Evidence);

public sealed record PlanOutputView(string Kind, string? Directory);

public sealed record PlanEvidenceView(string File, string What);
