using Slipway.Core;
using Slipway.Core.Deployments;
using Slipway.Core.Projects;
using Slipway.Core.Tenancy;

namespace Slipway.Testing.Contracts;

/// <summary>The lifecycle of every store suite: a fresh store for each fact, on a clock that moves only when told.</summary>
public abstract class StoreContract : IAsyncLifetime
{
    private StoreParts? _store;

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected static TeamId OurTeam => TeamScope.DefaultTeam;

    protected static TeamId OtherTeam { get; } = new(Guid.Parse("00000000-0000-7000-8000-000000000002"));

    protected WatchedTime Time { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    protected StoreParts Store => _store ?? throw new InvalidOperationException("not started");

    public async ValueTask InitializeAsync() => _store = await StartAsync(Time);

    public async ValueTask DisposeAsync()
    {
        if (_store is not null) await _store.Stop();
        GC.SuppressFinalize(this);
    }

    protected abstract Task<StoreParts> StartAsync(TimeProvider time);

    protected async Task<Project> AddProjectAsync(TeamId? team = null)
    {
        using var scope = TeamScope.EnterSystem();
        return (await Store.Projects.CreateAsync(StoreSamples.Project(Time, team), Ct)).Value;
    }

    protected async Task<Deployment> AddDeploymentAsync(TeamId? team = null, Func<Deployment, Deployment>? with = null)
    {
        using var scope = TeamScope.EnterSystem();
        return await AddDeploymentToAsync(await AddProjectAsync(team), with);
    }

    protected async Task<Deployment> AddDeploymentToAsync(Project project, Func<Deployment, Deployment>? with = null)
    {
        using var scope = TeamScope.EnterSystem();
        var deployment = StoreSamples.Deployment(Time, project);
        return (await Store.Deployments.CreateAsync(with is null ? deployment : with(deployment), Ct)).Value;
    }
}
