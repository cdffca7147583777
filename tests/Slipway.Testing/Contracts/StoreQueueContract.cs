using Slipway.Core.Queueing;
using Slipway.Core.Tenancy;

namespace Slipway.Testing.Contracts;

/// <summary>A queue that rests in the store itself: what is removed there leaves no job behind.</summary>
public abstract class StoreQueueContract : WorkQueueContract
{
    [Fact]
    public async Task A_removed_projects_jobs_go_with_it()
    {
        var project = await AddProjectAsync();
        await Store.Queue.EnqueueAsync(new Job((await AddDeploymentToAsync(project)).Id), Ct);
        using var scope = TeamScope.Enter(OurTeam);
        await Store.Projects.RemoveAsync(project.Id, Ct);
        await NothingToLeaseAsync();
    }
}
