using Microsoft.Extensions.Options;
using Slipway.Core.Deployments;
using Slipway.Core.Pipeline.Sourcing;
using Slipway.Core.Projects;
using Slipway.Core.Storage;
using Slipway.Core.Tenancy;

namespace Slipway.Server.Hosting;

/// <summary>Asks repositories which branches they still have, for a webhook may never come; what is gone is written down with its project, and retention ends its deployments.</summary>
internal sealed class BranchWatch(
    IProjectStore projects, IDeploymentStore deployments, ISourceFetcher sources, DiskKeeper keeper, IOptions<StorageOptions> options, TimeProvider time, ILogger<BranchWatch> log) : BackgroundService
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.BranchesEvery <= TimeSpan.Zero) return;
        using var system = TeamScope.EnterSystem();
        using var timer = new PeriodicTimer(options.Value.BranchesEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await TryAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Shutting down.
        }
    }

    private async Task TryAsync(CancellationToken ct)
    {
        try
        {
            await LookAsync(ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            log.BranchesUnknown(e);
        }
    }

    /// <summary>One that fails, or says nothing for long, keeps no other from being asked.</summary>
    private async Task TryAsync(Project project, string url, IReadOnlyList<string> known, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            await LookAsync(project, url, known, either.Token);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            log.BranchesNotTold(project.Name, url, e is OperationCanceledException ? $"it said nothing for {Patience.TotalSeconds:0} s" : e.Message);
        }
    }

    /// <summary>One look at every repository that has a branch to lose.</summary>
    internal async Task LookAsync(CancellationToken ct)
    {
        var there = (await deployments.ListAsync(new DeploymentQuery { States = DeploymentStates.There, Limit = 100_000 }, ct)).ToLookup(d => d.Project);
        foreach (var project in await projects.ListAsync(ct))
        {
            // Of a branch that production is on nothing would end.
            foreach (var repository in there[project.Id].Where(d => d.Source is { Kind: SourceKind.Git, Url: not null, Branch.Length: > 0 } && d.Source.Branch != project.ProductionBranch && d.Id != project.Production)
                .GroupBy(d => d.Source.Url ?? ""))
            {
                await TryAsync(project, repository.Key, [.. repository.Select(d => d.Source.Branch ?? "").Distinct()], ct);
            }
        }
    }

    private async Task LookAsync(Project project, string url, IReadOnlyList<string> known, CancellationToken ct)
    {
        var asked = time.GetUtcNow();
        var answer = await sources.BranchesAsync(url, ct);
        if (answer.IsFailure(out var failure))
        {
            log.BranchesNotTold(project.Name, url, failure.Message);
            return;
        }

        // A repository without any branch is one that is being made anew: no reason to end all there is.
        var gone = answer.Value.Count == 0 ? [] : known.Where(branch => !answer.Value.Contains(branch)).ToList();
        foreach (var branch in gone)
        {
            await projects.UpdateAsync(project.Id, p => p.WithClosed(branch, asked), ct);
            log.BranchIsGone(branch, project.Name);
        }

        if (gone.Count > 0) keeper.LookSoon();
    }
}

internal static partial class Log
{
    [LoggerMessage(LogLevel.Error, "the repositories could not be asked for their branches; it is tried again")]
    public static partial void BranchesUnknown(this ILogger log, Exception e);

    [LoggerMessage(LogLevel.Information, "the repository of {Project}, {Url}, did not tell its branches: {Why}")]
    public static partial void BranchesNotTold(this ILogger log, string project, string url, string why);

    [LoggerMessage(LogLevel.Information, "the branch {Branch} of {Project} is gone: its deployments end")]
    public static partial void BranchIsGone(this ILogger log, string branch, string project);
}
