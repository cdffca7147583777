using System.Security.Cryptography;
using Slipway.Core;
using Slipway.Core.Deployments;
using Slipway.Core.Pipeline.Sourcing;
using Slipway.Core.Projects;
using Slipway.Core.Queueing;
using Slipway.Core.Tenancy;

namespace Slipway.Server.Api.Deployments;

/// <summary>What is asked to be deployed, checked already as far as its own shape goes.</summary>
internal sealed record Intake
{
    public DeploymentId? Id { get; init; }
    public string? ProjectName { get; init; }
    public required string Origin { get; init; }
    public required SourceRef Source { get; init; }
    public bool IsProduction { get; init; }
    public string? RootDirectory { get; init; }
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
    public required string Trigger { get; init; }
    public DeploymentId? RetryOf { get; init; }

    /// <summary>Project name to try when none was given and the origin is new.</summary>
    public required string Suggestion { get; init; }

    /// <summary>The same source once more, as a new deployment.</summary>
    public static Intake Again(Deployment d, Project project, string trigger) => new()
    {
        ProjectName = project.Name,
        Origin = project.Origin,
        Suggestion = project.Name,
        // What has ended was left behind: built again it is a preview of its commit. Production and its branch's host stay what they are.
        Source = d.State == DeploymentState.Ended && d.Source is { Kind: SourceKind.Git, Commit: not null } ? d.Source with { Branch = null } : d.Source,
        IsProduction = d.IsProduction && d.State != DeploymentState.Ended,
        RootDirectory = d.RootDirectory,
        Environment = d.Environment,
        Trigger = trigger,
        RetryOf = d.Id,
    };
}

/// <summary>The one way in, whatever rang: finds or makes the project, writes the deployment, rings the bell.</summary>
internal sealed class DeploymentIntake(IProjectStore projects, IDeploymentStore deployments, IWorkQueue queue, TimeProvider time, ILogger<DeploymentIntake> log)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public async Task<Outcome<Deployment>> AcceptAsync(Intake asked, CancellationToken ct)
    {
        var found = await FindProjectAsync(asked, ct);
        if (found.IsFailure(out var failure)) return failure;
        var d = await CreateAsync(asked, found.Value, ct);
        if (d.IsFailure(out failure)) return failure;
        await RingAsync(d.Value.Id, ct);
        return d;
    }

    /// <summary>The deployment is written: with a queue that is away it waits for the sweep, and whoever asked is told so, and not to ask again.</summary>
    private async Task RingAsync(DeploymentId id, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            await queue.EnqueueAsync(new Job(id), either.Token);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            log.NotRung(id, e.Message);
        }
    }

    private async Task<Outcome<Project>> FindProjectAsync(Intake asked, CancellationToken ct)
    {
        var all = await projects.ListAsync(ct);
        if (asked.ProjectName is { } name)
        {
            if (ProjectName.Check(name) is { } bad) return bad;
            // Named on purpose: another folder may deploy into it.
            return all.FirstOrDefault(p => p.Name == name) is { } named ? named : await CreateProjectAsync(name, asked, ct);
        }

        if (all.FirstOrDefault(p => p.Origin == asked.Origin && p.RootDirectory == asked.RootDirectory) is { } known) return known;
        if (ProjectName.Suggest(asked.Suggestion) is not { } suggested)
        {
            return new Failure("project.name_invalid", $"no project name can be made from '{asked.Suggestion}'", "give one with --project NAME");
        }

        if (all.FirstOrDefault(p => p.Name == suggested) is not { } other) return await CreateProjectAsync(suggested, asked, ct);
        if (await KeepsNoNameAsync(other, asked.Origin, ct) && await projects.UpdateAsync(other.Id, p => p with { Origin = asked.Origin, RootDirectory = asked.RootDirectory }, ct) is { } taken) return taken;
        if (other.Origin == asked.Origin) return new Failure("project.name_taken", $"the project '{suggested}' is deployed from {RootOf(other.RootDirectory)} of this source, and not from {RootOf(asked.RootDirectory)}", "deploy another root as a project of its own, or this one on purpose, with --project NAME");
        return new Failure("project.name_taken", $"the project '{suggested}' belongs to {Describe(other)}", "deploy into it on purpose, or make another, with --project NAME");
    }

    /// <summary>A mistyped address that could never be fetched keeps no name, nor does a root directory of the same source that never came to an image.</summary>
    private async Task<bool> KeepsNoNameAsync(Project project, string origin, CancellationToken ct)
    {
        var all = await deployments.ListAsync(new DeploymentQuery { Project = project.Id }, ct);
        return all.Count > 0 && all.All(d => d.State.IsFinal() && d.Revision is null && (project.Origin == origin || d.Source is { Kind: SourceKind.Git, Commit: null }));
    }

    private Task<Outcome<Project>> CreateProjectAsync(string name, Intake asked, CancellationToken ct) => projects.CreateAsync(new Project
    {
        Id = StrongId.New<ProjectId>(time),
        Team = TeamScope.Current?.Team ?? TeamScope.DefaultTeam,
        Name = name,
        Origin = asked.Origin,
        RootDirectory = asked.RootDirectory,
        CacheKey = new Secret(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))),
        CreatedAt = time.GetUtcNow(),
    }, ct);

    private async Task<Outcome<Deployment>> CreateAsync(Intake asked, Project project, CancellationToken ct)
    {
        var wanted = new Deployment
        {
            Id = asked.Id ?? StrongId.New<DeploymentId>(time),
            Team = project.Team,
            Project = project.Id,
            ProjectName = project.Name,
            Hash = "",
            Source = asked.Source,
            IsProduction = asked.IsProduction,
            RootDirectory = asked.RootDirectory,
            Environment = asked.Environment,
            CreatedAt = time.GetUtcNow(),
            Trigger = asked.Trigger,
            RetryOf = asked.RetryOf,
        };
        while (true)
        {
            var created = await deployments.CreateAsync(wanted with { Hash = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4)) }, ct);
            if (!created.IsFailure(out var failure) || failure.Code != "deployment.hash_taken") return created;
        }
    }

    private static string RootOf(string? folder) => folder is null ? "the root" : $"the folder {folder}";

    private static string Describe(Project project)
    {
        var source = project.Origin.Split(':', 3) switch
        {
            ["folder", _, var path] => $"the folder {path}",
            ["git", ..] => $"the repository {project.Origin[4..]}",
            _ => "another source",
        };
        return project.RootDirectory is { } root ? $"{root} of {source}" : source;
    }
}

internal static partial class Log
{
    [LoggerMessage(LogLevel.Warning, "the queue could not be told of {Deployment}; it waits for the sweep: {Why}")]
    public static partial void NotRung(this ILogger log, DeploymentId deployment, string why);
}
