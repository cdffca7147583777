using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Slipway.Core;
using Slipway.Core.BuildLogs;
using Slipway.Core.Deployments;
using Slipway.Core.Pipeline;
using Slipway.Core.Pipeline.Building;
using Slipway.Core.Pipeline.Routing;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.Pipeline.Sourcing;
using Slipway.Core.Projects;
using Slipway.Core.Storage;
using Slipway.Core.Tenancy;
using Slipway.Server.Hosting;
using Slipway.Testing;
using Slipway.Testing.InMemory;

namespace Server.Tests;

/// <summary>Two weeks in milliseconds: what ends, what is left of it, and what only looked as if it were over.</summary>
public sealed class RetirementTests : IDisposable
{
    private const string Prefix = "slipway";
    private const string Repository = "https://example.test/shop";
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-retire-").FullName;
    private readonly InMemoryStore _store;
    private readonly InMemoryImageRegistry _registry = new(Prefix);
    private readonly InMemorySourceFetcher _sources = new();
    private readonly InMemoryRuntimeLog _output = new();
    private readonly StorageOptions _options = new();
    private readonly IDisposable _scope = TeamScope.EnterSystem();
    private readonly Project _project;
    private InMemoryRouter _router;

    public RetirementTests()
    {
        _store = new InMemoryStore(_time);
        _router = new InMemoryRouter(_time);
        Directory.CreateDirectory(new SlipwayHome(_folder).Uploads);
        _project = StoreSamples.Project(_time) with { Origin = $"git:{Repository}" };
        _store.Projects.CreateAsync(_project, Ct).GetAwaiter().GetResult();
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _scope.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_preview_ends_two_weeks_after_its_last_visitor_though_the_edge_was_started_anew_meanwhile()
    {
        var (production, visited, forgotten) = (await ReadyAsync(), await ReadyAsync(), await ReadyAsync());
        await _store.Projects.UpdateAsync(_project.Id, p => p.PointedAt(production.Id, ProductionCause.Ready, _time.GetUtcNow()), Ct);
        foreach (var d in new[] { production, visited, forgotten }) _output.Open(d.Project, d.Id).Append([new OutputLine(_time.GetUtcNow(), false, "up")]);
        for (var day = 0; day < 27; day++)
        {
            if (day == 13) await VisitAsync(visited);
            if (day < 26) await LookAsync(Day);
            // It remembers nothing of what was before.
            if (day == 20) _router = new InMemoryRouter(_time);
        }

        Assert.Equal(DeploymentState.Ready, (await FindAsync(visited)).State);
        var ended = await FindAsync(forgotten);
        Assert.Equal((DeploymentState.Ended, EndReason.Idle, "nobody used it for 14 days"), (ended.State, ended.Ended?.Reason, ended.Ended?.Why));
        Assert.False(_registry.Has(Name(forgotten)));
        Assert.Equal([production.Id, visited.Id], _output.List());

        await LookAsync(2 * Day);
        Assert.Equal(DeploymentState.Ended, (await FindAsync(visited)).State);
        Assert.Equal(DeploymentState.Ready, (await FindAsync(production)).State);
        Assert.True(_registry.Has(Name(production)));
    }

    [Fact]
    public async Task While_the_edge_cannot_be_asked_nothing_ends_for_being_idle()
    {
        var (production, preview) = (await ReadyAsync(), await ReadyAsync());
        await _store.Projects.UpdateAsync(_project.Id, p => p.PointedAt(production.Id, ProductionCause.Ready, _time.GetUtcNow()), Ct);
        await LookAsync(TimeSpan.Zero);
        _router.IsUp = false;
        await LookAsync(20 * Day);
        Assert.Equal(DeploymentState.Ready, (await FindAsync(preview)).State);
        _router.IsUp = true;
        await LookAsync(TimeSpan.Zero);
        Assert.Equal(DeploymentState.Ended, (await FindAsync(preview)).State);
    }

    [Fact]
    public async Task What_was_there_before_use_was_noted_gets_its_two_weeks_from_now()
    {
        var (production, preview) = (await ReadyAsync(), await ReadyAsync());
        await _store.Projects.UpdateAsync(_project.Id, p => p.PointedAt(production.Id, ProductionCause.Ready, _time.GetUtcNow()), Ct);
        await LookAsync(100 * Day);
        await LookAsync(13 * Day);
        Assert.Equal(DeploymentState.Ready, (await FindAsync(preview)).State);
        await LookAsync(Day);
        Assert.Equal(DeploymentState.Ended, (await FindAsync(preview)).State);
    }

    [Fact]
    public async Task A_branch_that_the_repository_has_no_more_takes_its_deployments_with_it()
    {
        _sources.Commit(Repository, new Dictionary<string, string> { ["index.html"] = "" }, "First");
        _sources.Commit(Repository, new Dictionary<string, string>(), "Second", "feature/x");
        var (main, feature) = (await ReadyAsync("main"), await ReadyAsync("feature/x"));
        using var keeper = new DiskKeeper(Retirement(), null!, _store.Deployments, Options.Create(_options), _time, NullLogger<DiskKeeper>.Instance);
        using var watch = new BranchWatch(_store.Projects, _store.Deployments, _sources, keeper, Options.Create(_options), _time, NullLogger<BranchWatch>.Instance);

        await watch.LookAsync(Ct);
        await LookAsync(Day);
        Assert.Equal(DeploymentState.Ready, (await FindAsync(feature)).State);

        _sources.RemoveBranch(Repository, "feature/x");
        await watch.LookAsync(Ct);
        await LookAsync(TimeSpan.Zero);
        Assert.Equal((DeploymentState.Ended, EndReason.BranchClosed), ((await FindAsync(feature)).State, (await FindAsync(feature)).Ended?.Reason));
        Assert.Equal(DeploymentState.Ready, (await FindAsync(main)).State);

        // A repository that tells of no branch at all, or nothing, is no reason to end all there is.
        _sources.RemoveBranch(Repository, "main");
        await watch.LookAsync(Ct);
        await LookAsync(TimeSpan.Zero);
        Assert.Equal(DeploymentState.Ready, (await FindAsync(main)).State);
    }

    [Fact]
    public async Task A_repository_that_says_nothing_keeps_no_other_from_being_asked()
    {
        const string silent = "https://example.test/silent";
        _sources.Commit(Repository, new Dictionary<string, string>(), "First");
        var (feature, _) = (await ReadyAsync("feature/x"), await ReadyAsync(source: new SourceRef { Kind = SourceKind.Git, Url = silent, Branch = "b" }));
        using var keeper = new DiskKeeper(Retirement(), null!, _store.Deployments, Options.Create(_options), _time, NullLogger<DiskKeeper>.Instance);
        using var watch = new BranchWatch(_store.Projects, _store.Deployments, new SilentAt(silent, _sources), keeper, Options.Create(_options), _time, NullLogger<BranchWatch>.Instance);
        var looking = watch.LookAsync(Ct);
        while (!looking.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(20));
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Ct);
        }

        await looking;
        Assert.Equal("feature/x", Assert.Single((await _store.Projects.FindAsync(_project.Id, Ct))!.ClosedBranches).Branch);
        Assert.Equal(DeploymentState.Ready, (await FindAsync(feature)).State);
    }

    [Fact]
    public async Task The_uploaded_files_of_what_ended_stay_a_while_so_that_it_can_be_built_again()
    {
        _options.KeepDeployments = 1;
        var (kept, removed) = (await UploadedAsync(), await UploadedAsync());
        await _store.Deployments.ApplyAsync(removed.Id, new Retired(EndReason.Removed), Ct);
        await ReadyAsync();
        await LookAsync(Day);
        Assert.Equal((DeploymentState.Ended, EndReason.Count), ((await FindAsync(kept)).State, (await FindAsync(kept)).Ended?.Reason));
        Assert.Equal((true, false), (File.Exists(UploadOf(kept)), File.Exists(UploadOf(removed))));
        await LookAsync(29 * Day);
        Assert.True(File.Exists(UploadOf(kept)));
        await LookAsync(Day);
        Assert.False(File.Exists(UploadOf(kept)));
    }

    [Fact]
    public async Task An_image_that_a_later_deployment_is_too_stays_and_is_no_work_left_over()
    {
        _options.KeepDeployments = 1;
        var (older, newer) = (await ReadyAsync(digest: "sha256:same"), await ReadyAsync(digest: "sha256:same"));
        await Retirement().RunAsync(Ct);
        Assert.Equal(DeploymentState.Ended, (await FindAsync(older)).State);
        Assert.False(await Retirement().RunAsync(Ct));
        Assert.True(_registry.Has(Name(newer)));
        await _store.Deployments.ApplyAsync(newer.Id, new Retired(EndReason.Removed), Ct);
        await Retirement().RunAsync(Ct);
        Assert.False(_registry.Has(Name(older)) || _registry.Has(Name(newer)));
    }

    private async Task LookAsync(TimeSpan later)
    {
        _time.Advance(later);
        await Retirement().RunAsync(Ct);
    }

    private Retirement Retirement() => new(
        _store.Projects, _store.Deployments, new UseNotes(_store.Deployments, _router, _time), _registry, _output, new SlipwayHome(_folder),
        Options.Create(_options), Options.Create(new PipelineOptions { ImagePrefix = Prefix }), _time, NullLogger<Retirement>.Instance);

    private async Task VisitAsync(Deployment d)
    {
        var host = $"{d.PreviewLabel}.localhost";
        _router.Apps["10.0.0.2:3000"] = (_, _) => Task.FromResult(200);
        await _router.PublishAsync(new RouteTable(_router.Table.Number + 1, [new Route(host, RouteKind.App, ["10.0.0.2:3000"], d.Id)]), Ct);
        Assert.True((await _router.ProbeAsync(host, "/", TimeSpan.FromSeconds(1), Ct)).IsHealthy);
    }

    private async Task<Deployment> ReadyAsync(string? branch = null, SourceRef? source = null, string? digest = null)
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        var d = StoreSamples.Deployment(_time, _project);
        d = d with { Source = source ?? d.Source with { Url = Repository, Branch = branch } };
        await _store.Deployments.CreateAsync(d, Ct);
        digest ??= $"sha256:{d.Hash}";
        _registry.Add(new BuiltImage(Name(d), digest));
        foreach (var happened in StoreSamples.PathTo(DeploymentState.Ready))
            await _store.Deployments.ApplyAsync(d.Id, happened is ImageShipped shipped ? shipped with { Revision = shipped.Revision with { Image = digest, ImageName = Name(d) } } : happened, Ct);
        return d;
    }

    private async Task<Deployment> UploadedAsync()
    {
        var upload = StrongId.New<UploadId>(_time);
        var d = await ReadyAsync(source: new SourceRef { Kind = SourceKind.Upload, Upload = upload, Folder = "shop" });
        await File.WriteAllTextAsync(UploadOf(d), "", Ct);
        File.SetLastWriteTimeUtc(UploadOf(d), _time.GetUtcNow().UtcDateTime);
        return d;
    }

    private string UploadOf(Deployment d) => Path.Combine(new SlipwayHome(_folder).Uploads, $"{d.Source.Upload}.tar.gz");

    private static string Name(Deployment d) => $"{Prefix}/{d.ProjectName}:{d.Hash}";

    private async Task<Deployment> FindAsync(Deployment d) => await _store.Deployments.FindAsync(d.Id, Ct) ?? throw new InvalidOperationException();

    private sealed class SilentAt(string url, ISourceFetcher others) : ISourceFetcher
    {
        public Task<Outcome<SourceSnapshot>> FetchAsync(SourceRef source, string workDirectory, IBuildOutput output, CancellationToken ct) => others.FetchAsync(source, workDirectory, output, ct);

        public async Task<Outcome<HashSet<string>>> BranchesAsync(string asked, CancellationToken ct)
        {
            if (asked == url) await new TaskCompletionSource().Task.WaitAsync(ct);
            return await others.BranchesAsync(asked, ct);
        }
    }
}
