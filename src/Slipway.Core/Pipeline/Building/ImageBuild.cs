using Microsoft.Extensions.Options;
using Slipway.Core.BuildLogs;
using Slipway.Core.Pipeline.Planning;
using Slipway.Core.Pipeline.Sourcing;

namespace Slipway.Core.Pipeline.Building;

/// <summary>The build stage: bases found or made, the Dockerfile's copy completed, the image built within its time.</summary>
public sealed class ImageBuild(IBaseImages bases, IImageBuilder builder, IOptions<PipelineOptions> options, TimeProvider time)
{
    public async Task<Outcome<BuiltImage>> RunAsync(PipelineRequest request, BuildPlan plan, SourceSnapshot snapshot, IBuildOutput output, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(options.Value.BuildTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            var found = await FindBasesAsync(plan, output, either.Token);
            if (found.IsFailure(out var failure)) return failure;
            return await builder.BuildAsync(ToBuild(request, plan, snapshot, found.Value, output), output, either.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            return new Failure("build.timeout", $"the build took longer than {options.Value.BuildTimeout.TotalMinutes:0} minutes and was stopped",
                "make it faster, or raise Slipway:Pipeline:BuildTimeout");
        }
    }

    private async Task<Outcome<Dictionary<string, string>>> FindBasesAsync(BuildPlan plan, IBuildOutput output, CancellationToken ct)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var need in plan.DockerfilePath is null ? plan.Bases : OfficialImages.NeededBy(plan.Dockerfile))
        {
            var image = await bases.ResolveAsync(need, output, ct);
            if (image.IsFailure(out var failure)) return failure;
            if (image.Value != need.Name) found[need.Name] = image.Value;
        }

        return found;
    }

    private BuildRequest ToBuild(PipelineRequest request, BuildPlan plan, SourceSnapshot snapshot, Dictionary<string, string> found, IBuildOutput output)
    {
        var o = options.Value;
        var isOwn = plan.DockerfilePath is not null;
        var trust = o.CertificateBundle.Length > 0 && File.Exists(o.CertificateBundle) && (!isOwn || o.TrustHostInOwnDockerfile);
        if (trust && isOwn) output.Say("each RUN gets this host's CA certificates as a mounted secret (a copy of the Dockerfile; off by Slipway:Pipeline:TrustHostInOwnDockerfile)", "plan");

        var secrets = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        if (isOwn) foreach (var (id, value) in request.Environment.Secrets) secrets[id] = value;
        if (request.Environment.Hash is not null) secrets[DockerfileRewriter.EnvironmentSecret] = request.Environment.File();
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
            Dockerfile = DockerfileRewriter.Rewrite(plan.Dockerfile, additions),
            DockerIgnore = !isOwn && !snapshot.Tree.FileExists(".dockerignore") && plan.Ignore.Count > 0 ? string.Join('\n', plan.Ignore) + "\n" : null,
            ImageName = $"{o.ImagePrefix}/{d.ProjectName}:{d.Hash}",
            BuildArgs = isOwn ? request.Environment.Arguments : new Dictionary<string, string>(),
            Secrets = secrets,
            CacheKey = request.Project.CacheKey,
            Labels = new Dictionary<string, string> { ["slipway.home"] = o.HomeId, ["slipway.deployment"] = d.Id.ToString(), ["slipway.project"] = d.Project.ToString() },
        };
    }
}
