using Microsoft.EntityFrameworkCore;
using Slipway.Core;
using Slipway.Core.Projects;
using Slipway.Store.Database;
using Slipway.Store.Encryption;

namespace Slipway.Store.Projects;

internal sealed class ProjectStore(StoreFile file, MasterKey key) : IProjectStore
{
    public async Task<Project?> FindAsync(ProjectId id, CancellationToken ct)
    {
        await using var db = file.Read();
        return (await db.Projects.SingleOrDefaultAsync(p => p.Id == id, ct))?.ToProject(key);
    }

    public async Task<Project?> FindByNameAsync(string name, CancellationToken ct)
    {
        await using var db = file.Read();
        return (await db.Projects.SingleOrDefaultAsync(p => p.Name == name, ct))?.ToProject(key);
    }

    public async Task<IReadOnlyList<Project>> ListAsync(CancellationToken ct)
    {
        await using var db = file.Read();
        var rows = await db.Projects.OrderBy(p => p.Name).ToListAsync(ct);
        return rows.ConvertAll(row => row.ToProject(key));
    }

    public Task<Outcome<Project>> CreateAsync(Project project, CancellationToken ct)
    {
        TeamRows.DemandScope(project.Team);
        return file.WriteAsync<Outcome<Project>>(async db =>
        {
            // Every team: the name is a host name of the whole installation.
            if (await db.Projects.OfEveryTeam().AnyAsync(p => p.Name == project.Name, ct)) return ProjectRules.NameTaken(project.Name);
            db.Projects.Add(ProjectRow.From(project, key));
            await db.SaveChangesAsync(ct);
            return project;
        }, ct);
    }

    public Task<Project?> UpdateAsync(ProjectId id, Func<Project, Project> change, CancellationToken ct) =>
        file.WriteAsync(async db =>
        {
            if (await db.Projects.AsTracking().SingleOrDefaultAsync(p => p.Id == id, ct) is not { } row) return null;
            var before = row.ToProject(key);
            var after = change(before);
            ProjectRules.DemandSameIdentity(before, after);
            row.Take(after, key);
            await db.SaveChangesAsync(ct);
            return after;
        }, ct);

    public Task<bool> RemoveAsync(ProjectId id, CancellationToken ct) =>
        file.WriteAsync(async db =>
        {
            if (!await db.Projects.AnyAsync(p => p.Id == id, ct)) return false;

            // Jobs may be of no deployment here, so no foreign key takes them along. Past the filter: the project was in scope.
            var deployments = db.Deployments.OfEveryTeam().Where(d => d.ProjectId == id).Select(d => d.Id);
            await db.QueueJobs.OfEveryTeam().Where(j => deployments.Contains(j.DeploymentId)).ExecuteDeleteAsync(ct);
            await db.DeadLetters.OfEveryTeam().Where(j => deployments.Contains(j.DeploymentId)).ExecuteDeleteAsync(ct);
            return await db.Projects.Where(p => p.Id == id).ExecuteDeleteAsync(ct) == 1;
        }, ct);

    public async Task<IReadOnlyList<EnvironmentVariable>> EnvironmentAsync(
        ProjectId id, Func<IReadOnlyList<EnvironmentVariable>, IReadOnlyList<EnvironmentVariable>>? change, CancellationToken ct)
    {
        if (change is not null) return await file.WriteAsync(db => ChangeEnvironmentAsync(db, id, change, ct), ct);
        await using var db = file.Read();
        return await ReadEnvironmentAsync(db, id, ct);
    }

    private async Task<IReadOnlyList<EnvironmentVariable>> ReadEnvironmentAsync(SlipwayDb db, ProjectId id, CancellationToken ct)
    {
        var rows = await db.EnvironmentVariables.Where(v => v.ProjectId == id).OrderBy(v => v.Name).ThenBy(v => v.Target).ToListAsync(ct);
        return rows.ConvertAll(row => row.ToVariable(key));
    }

    private async Task<IReadOnlyList<EnvironmentVariable>> ChangeEnvironmentAsync(
        SlipwayDb db, ProjectId id, Func<IReadOnlyList<EnvironmentVariable>, IReadOnlyList<EnvironmentVariable>> change, CancellationToken ct)
    {
        if (await db.Projects.SingleOrDefaultAsync(p => p.Id == id, ct) is not { } project) return [];
        var after = change(await ReadEnvironmentAsync(db, id, ct));
        ProjectRules.DemandUniqueNames(after);
        await db.EnvironmentVariables.Where(v => v.ProjectId == id).ExecuteDeleteAsync(ct);
        db.EnvironmentVariables.AddRange(after.Select(variable => EnvironmentVariableRow.From(project, variable, key)));
        await db.SaveChangesAsync(ct);
        return await ReadEnvironmentAsync(db, id, ct);
    }
}
