using Microsoft.Extensions.Options;
using Slipway.Core.BuildLogs;
using Slipway.Core.Hosting;
using Slipway.Core.Pipeline.Planning;
using Slipway.Core.Pipeline.Sourcing;
using Slipway.Core.Storage;

namespace Slipway.Core.Pipeline.Building;

/// <summary>The build stage: bases found or made, the Dockerfile's copy completed, the image built within its bounds.</summary>
public sealed class ImageBuild(
    IBaseImages bases, IImageBuilder builder, BuildAdmission admission, DiskReserve disk, IDiskBudget budget, IBuildMachine machine, IOptions<PipelineOptions> options, IOptions<BuildLimitOptions> limits, TimeProvider time)
{
    public async Task<Outcome<BuiltImage>> RunAsync(PipelineRequest request, BuildPlan plan, SourceSnapshot snapshot, IBuildOutput output, CancellationToken ct)
    {
        using var admitted = await admission.EnterAsync(output, ct);
        if ((disk.Shortage(written: null) ?? await budget.ExceededAsync(ct)) is { } shortage) return shortage;
        if (machine.Status is StepLimitStatus.NotHeld not) output.Say($"memory and processes of this build are NOT limited: {not.Reason}", "build");

        using var stop = new BuildStop(options.Value.BuildTimeout, time, ct);
        using var steps = machine.Begin(request.Deployment.Id);
        var watch = disk.WatchAsync(steps, stop.Because, stop.Token);
        var bounded = new BoundedOutput(output, (long)limits.Value.LogMegabytes << 20, stop.Because);
        try
        {
            var built = await BuildAsync(request, plan, snapshot, bounded, stop.Token);
            if (!built.IsFailure(out var failure)) return built;
            // A full disk fails a step before the watch looks again.
            return stop.Reason ?? disk.Shortage(steps.CountWritten()) ?? LimitFailure.Of(failure, await HitsAsync(steps, failure, stop.Token), limits.Value.StepLimits(machine.Memory().Total), limits.Value);
        }
        catch (OperationCanceledException) when (stop.Reason is not null && !ct.IsCancellationRequested)
        {
            return stop.Reason;
        }
        finally
        {
            stop.End();
            await watch;
        }
    }

    /// <summary>Who holds the steps may tell of a kill a moment after the step has ended.</summary>
    private async Task<IReadOnlyList<StepHit>> HitsAsync(IBuildHold steps, Failure failed, CancellationToken ct)
    {
        for (var look = 0; look < 5 && LimitFailure.IsKill(failed) && steps.Hits.Count == 0; look++) await Task.Delay(TimeSpan.FromMilliseconds(100), time, ct);
        return steps.Hits;
    }

    private async Task<Outcome<BuiltImage>> BuildAsync(PipelineRequest request, BuildPlan plan, SourceSnapshot snapshot, IBuildOutput output, CancellationToken ct)
    {
        var found = await FindBasesAsync(plan, output, ct);
        if (found.IsFailure(out var failure)) return failure;
        var built = await builder.BuildAsync(ToBuild(request, plan, snapshot, found.Value, output), output, ct);
        return built.IsFailure(out failure) ? failure : built.Value with { StandIns = [.. found.Value.Select(pair => new StandIn(pair.Key, pair.Value))] };
    }

    private async Task<Outcome<Dictionary<string, string>>> FindBasesAsync(BuildPlan plan, IBuildOutput output, CancellationToken ct)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var need in plan.DockerfilePath is null || plan.Frontend is not null ? plan.Bases : OfficialImages.NeededBy(plan.Dockerfile))
        {
            var image = await bases.ResolveAsync(need, output, ct);
            if (image.IsFailure(out var failure)) return failure;
            if (image.Value != need.Name) found[need.Name] = image.Value;
        }

        return found;
    }

    /// <summary>What the plan itself brings wins: a planner has seen the user's values and decided.</summary>
    private static Dictionary<string, string> Arguments(PipelineRequest request, BuildPlan plan)
    {
        var all = new Dictionary<string, string>(plan.BuildArguments);
        if (plan.DockerfilePath is null) return all;
        foreach (var (name, value) in request.Environment.Arguments) all.TryAdd(name, value);
        return all;
    }

    private BuildRequest ToBuild(PipelineRequest request, BuildPlan plan, SourceSnapshot snapshot, Dictionary<string, string> found, IBuildOutput output)
    {
        var o = options.Value;
        var isOwn = plan.DockerfilePath is not null;
        var isDockerfile = plan.Frontend is null;
        var trust = isDockerfile && o.CertificateBundle.Length > 0 && File.Exists(o.CertificateBundle) && (!isOwn || o.TrustHostInOwnDockerfile);
        if (trust && isOwn) output.Say("each RUN gets this host's CA certificates as a mounted secret (a copy of the Dockerfile; off by Slipway:Pipeline:TrustHostInOwnDockerfile)", "plan");

        var secrets = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        if (isOwn || !isDockerfile) foreach (var (id, value) in request.Environment.Secrets) secrets[id] = value;
        if (isDockerfile && request.Environment.Hash is not null) secrets[DockerfileRewriter.EnvironmentSecret] = request.Environment.File();
        if (trust) secrets[DockerfileRewriter.CertificatesSecret] = File.ReadAllBytes(o.CertificateBundle);

        var additions = new DockerfileAdditions
        {
            Bases = found,
            TrustHostCertificates = trust,
            CachePrefix = $"{request.Project.Id.Value:N}-",
            EnvironmentHash = request.Environment.Hash,
        };
        var d = request.Deployment;
        return new BuildRequest
        {
            Deployment = d.Id,
            Project = d.Project,
            ContextDirectory = Path.GetFullPath(Path.Combine(snapshot.Directory, plan.ContextDirectory)),
            Dockerfile = isDockerfile ? DockerfileRewriter.Rewrite(plan.Dockerfile, additions) : plan.Dockerfile,
            Frontend = plan.Frontend,
            DockerIgnore = !isOwn && !snapshot.Tree.FileExists(".dockerignore") && plan.Ignore.Count > 0 ? string.Join('\n', plan.Ignore) + "\n" : null,
            ImageName = $"{o.ImagePrefix}/{d.ProjectName}:{d.Hash}",
            CacheImage = BuildCacheName.Of(o.ImagePrefix, d.ProjectName),
            BuildArgs = Arguments(request, plan),
            Secrets = secrets,
            CacheKey = request.Project.CacheKey,
            Labels = new Dictionary<string, string> { ["slipway.home"] = o.HomeId, ["slipway.deployment"] = d.Id.ToString(), ["slipway.project"] = d.Project.ToString() },
        };
    }
}
