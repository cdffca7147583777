using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Core.BuildLogs;
using Slipway.Core.Deployments;
using Slipway.Core.Hosting;
using Slipway.Core.Pipeline;
using Slipway.Core.Pipeline.Building;
using Slipway.Core.Pipeline.Launching;
using Slipway.Core.Pipeline.Planning;
using Slipway.Core.Pipeline.Routing;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.Pipeline.Sourcing;
using Slipway.Core.Projects;
using Slipway.Core.Queueing;
using Slipway.Core.Storage;
using Slipway.Core.Tenancy;
using Slipway.Testing;
using Slipway.Testing.InMemory;

namespace Core.Tests.Pipeline;

/// <summary>The whole product on twins in memory: every rule is the real one, nothing outside is touched but a work folder.</summary>
internal sealed class MachineInMemory : IImageBuilder, IBaseImages, IInstanceProbe, IControlPlaneAddress, IDiskBudget, IAsyncDisposable
{
    private readonly string _work = Directory.CreateTempSubdirectory("slipway-memory-").FullName;
    private readonly TeamScope _system = TeamScope.EnterSystem();
    private readonly RoutePublisher _routes;
    private readonly PipelineWorker _worker;
    private readonly RuntimeReconciler _reconciler;
    private readonly SleepKeeper _sleep;

    public MachineInMemory(TimeSpan? buildTimeout = null, ISourcePlanner? planner = null)
    {
        var time = TimeProvider.System;
        Store = new InMemoryStore(time);
        Runtime = new InMemoryContainerRuntime(time);
        Router = new InMemoryRouter(time);
        var pipelineOptions = Options.Create(new PipelineOptions { WorkDirectory = _work, HomeId = "00000000", ImagePrefix = "slipway-00000000", CertificateBundle = "", DrainTimeout = TimeSpan.FromMilliseconds(200), BuildTimeout = buildTimeout ?? TimeSpan.FromMinutes(30) });
        var runtimeOptions = Options.Create(new RuntimeOptions { StartDeadline = TimeSpan.FromSeconds(1), ReconcileEvery = TimeSpan.FromMilliseconds(200) });
        var limits = Options.Create(Limits);
        var images = new ImageBuild(this, this, new BuildAdmission(Machine, limits, time), new DiskReserve(Machine, limits, time), this, Machine, pipelineOptions, limits, time);
        var pipeline = new DeploymentPipeline(Sources, images, Registry, planner);
        var build = new DeploymentBuild(new StoreClaims(Store.Deployments, Store.Projects, Store.Log), Store.Log, pipeline, pipelineOptions, time, NullLogger<DeploymentBuild>.Instance);
        _worker = new PipelineWorker(Store.Queue, build, pipelineOptions, time, NullLogger<PipelineWorker>.Instance);
        var healthy = new HealthyDeployments();
        var sleep = Options.Create(Sleep);
        var (idle, falling) = (new IdleLook(Router, Commands, sleep, time), new FallingAsleep());
        _routes = new RoutePublisher(Store.Deployments, Store.Projects, Store.Domains, Runtime, Router, healthy, falling, idle, this, runtimeOptions, time, NullLogger<RoutePublisher>.Instance);
        var start = new InstanceStart(Store.Projects, Runtime, Registry, this, runtimeOptions);
        var checks = new HealthChecks(Store.Projects, runtimeOptions);
        var pointer = new ProductionPointer(Store.Projects, Store.Deployments, time);
        var health = new InstanceHealth(Runtime, this, Store.Deployments, checks, time);
        Handover = new DataHandover(Store.Projects, Store.Deployments, Runtime, Router, start, _routes, falling, runtimeOptions, time, NullLogger<DataHandover>.Instance);
        Switch = new ProductionSwitch(pointer, Router, _routes, Handover, start, health, checks, runtimeOptions, time, NullLogger<ProductionSwitch>.Instance);
        Rollbacks = new Rollbacks(Store.Projects, Store.Deployments, Runtime);
        var launcher = new DeploymentLauncher(Store.Deployments, Store.Log, start, health, checks, healthy, _routes, Router,
            pointer, Handover, Runtime, runtimeOptions, time, NullLogger<DeploymentLauncher>.Instance);
        _sleep = new SleepKeeper(Store.Deployments, Store.Projects, Runtime, Router, _routes, idle, falling, Commands, start, Machine, sleep, time, NullLogger<SleepKeeper>.Instance);
        _reconciler = new RuntimeReconciler(Store.Deployments, Store.Projects, Runtime, Router, idle, start, launcher, Handover, _routes, runtimeOptions, time, NullLogger<RuntimeReconciler>.Instance);
        Project = StoreSamples.Project(time);
    }

    public InMemoryStore Store { get; }

    /// <summary>Who runs a command in an instance.</summary>
    public OpenCommands Commands { get; } = new();

    public InMemorySourceFetcher Sources { get; } = new();

    public InMemoryContainerRuntime Runtime { get; }

    public InMemoryRouter Router { get; }

    public InMemoryImageRegistry Registry { get; } = new("slipway-00000000");

    public ScriptedImageBuilder Builder { get; } = new();

    /// <summary>What is under the builds: its memory, its disk, and what its steps run into.</summary>
    public InMemoryBuildMachine Machine { get; } = new();

    public BuildLimitOptions Limits { get; } = new();

    public SleepOptions Sleep { get; } = new() { LookEvery = TimeSpan.FromMilliseconds(50) };

    public RoutePublisher Routes => _routes;

    /// <summary>What the steps of every build run into.</summary>
    public StepHit? RunsInto { get; set; }

    public Project Project { get; private set; }

    public ProductionSwitch Switch { get; }

    public Rollbacks Rollbacks { get; }

    public DataHandover Handover { get; }

    /// <summary>Why no build may begin.</summary>
    public Failure? OverBudget { get; set; }

    /// <summary>What every app here answers.</summary>
    public int AppStatus { get; set; } = 200;

    public ScriptedApp App { get; set; } = new();

    public string? Endpoint => "127.0.0.1:7420";

    public int PublicPort => 80;

    public async Task StartAsync()
    {
        var created = await Store.Projects.CreateAsync(Project, CancellationToken.None);
        Project = created.Value;
        await _worker.StartAsync(CancellationToken.None);
        await _reconciler.StartAsync(CancellationToken.None);
        await _sleep.StartAsync(CancellationToken.None);
    }

    public async Task<Deployment> DeployAsync(IReadOnlyDictionary<string, string> files, bool isProduction = false)
    {
        var upload = StrongId.New<UploadId>(TimeProvider.System);
        Sources.Upload(upload, files);
        var wanted = StoreSamples.Deployment(TimeProvider.System, Project) with
        {
            Id = StrongId.New<DeploymentId>(TimeProvider.System),
            Hash = Guid.NewGuid().ToString("N")[..8],
            Source = new SourceRef { Kind = SourceKind.Upload, Upload = upload },
            IsProduction = isProduction,
            CreatedAt = TimeProvider.System.GetUtcNow(),
            RootDirectory = null,
        };
        var d = (await Store.Deployments.CreateAsync(wanted, CancellationToken.None)).Value;
        await Store.Queue.EnqueueAsync(new Job(d.Id), CancellationToken.None);
        return d;
    }

    /// <summary>The deployment once its log is complete.</summary>
    public async Task<(Deployment Deployment, List<BuildLogLine> Log)> EndOfAsync(DeploymentId id)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var lines = new List<BuildLogLine>();
        await foreach (var line in Store.Log.FollowAsync(id, 0, limit.Token)) lines.Add(line);
        return (await Store.Deployments.FindAsync(id, CancellationToken.None) ?? throw new InvalidOperationException("gone"), lines);
    }

    public Task<Failure?> ExceededAsync(CancellationToken ct) => Task.FromResult(OverBudget);

    public string DetailsUrl(DeploymentId id) => $"http://127.0.0.1:7420/deployments/{id}";

    public async Task<Outcome<BuiltImage>> BuildAsync(BuildRequest request, IBuildOutput output, CancellationToken ct)
    {
        if (RunsInto is { } hit) Machine.Hit(request.Deployment, hit);
        var built = await Builder.BuildAsync(request, output, ct);
        if (built.IsFailure(out _)) return built;
        Registry.Add(built.Value);
        Runtime.Images[built.Value.Digest] = App;
        return built;
    }

    public Task<Outcome<string>> ResolveAsync(BaseImageNeed need, IBuildOutput output, CancellationToken ct) => Task.FromResult<Outcome<string>>(need.Name);

    public Task<int?> StatusAsync(string address, int port, string path, TimeSpan timeout, CancellationToken ct)
    {
        if (App.Ports is { } ports && !ports.Contains(port)) return Task.FromResult<int?>(null);
        Router.Apps[$"{address}:{port}"] = (_, _) => Task.FromResult(AppStatus);
        return Task.FromResult<int?>(AppStatus);
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.StopAsync(CancellationToken.None);
        await _reconciler.StopAsync(CancellationToken.None);
        await _sleep.StopAsync(CancellationToken.None);
        _sleep.Dispose();
        _worker.Dispose();
        _reconciler.Dispose();
        _routes.Dispose();
        _system.Dispose();
        Directory.Delete(_work, recursive: true);
    }
}
