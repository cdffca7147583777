using System.Security.Cryptography;
using System.Text;
using BuildKit.Client;
using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Core.BuildLogs;
using Slipway.Core.Hosting;
using Slipway.Core.Pipeline.Building;
using Slipway.Core.Pipeline.Shipping;

namespace Slipway.BuildKit;

/// <summary>BuildRequest → image in the engine's store, or the daemon's.</summary>
internal sealed class BuildKitImageBuilder(BuilderPool pool, IOptions<BuildKitOptions> where) : IImageBuilder
{
    /// <summary>With this the frontend takes itself for the one that the syntax line asked for (moby/buildkit frontend/dockerfile/builder).</summary>
    private static readonly Dictionary<string, string> OwnFrontend = new() { ["cmdline"] = "dockerfile.v0" };

    public async Task<Outcome<BuiltImage>> BuildAsync(BuildRequest request, IBuildOutput output, CancellationToken ct)
    {
        var sharedKey = SharedKey(request.CacheKey);
        var builder = await pool.ChooseAsync(sharedKey, output, ct);
        var options = new BuildOptions
        {
            Context = new DirectoryContext(request.ContextDirectory),
            // Without one beside the Dockerfile, the frontend itself reads the context's own .dockerignore.
            Dockerfile = MemoryContext.Dockerfile(request.Dockerfile, request.DockerIgnore),
            ImageNames = [request.ImageName],
            Arguments = request.BuildArgs,
            Labels = request.Labels,
            Secrets = request.Secrets,
            Exporter = where.Value.ExporterName,
            SharedKey = sharedKey,
            FrontendAttributes = Mark(request),
            FrontendImage = request.Frontend,
        };
        if (builder.Address.Length > 0) output.Say($"built by the BuildKit at {builder.Address}: the limits and the fence of its steps are that daemon's own");
        if (where.Value.Push is { } target) options = Pushed(builder, options, request, target);
        try
        {
            return await BuildAsync(builder, request, options, output, ct);
        }
        catch (BuildKitSolveException e) when (FrontendImage.MissedBy(e) is { } frontend && FrontendImage.IsKnown(frontend))
        {
            output.Say($"the frontend {frontend} of the # syntax line cannot be pulled; the engine's own reads the Dockerfile instead. What only newer frontends know fails");
            var built = await BuildAsync(builder, request, options with { FrontendAttributes = OwnFrontend }, output, ct);
            return built.IsFailure(out var failure) && failure.Code == "build.dockerfile_invalid"
                ? failure with { Hint = $"the frontend {frontend} of the # syntax line could not be pulled, so the engine's own read the file: if the line is right, it is one that only newer frontends know (heredocs, say); else {failure.Hint}" }
                : built;
        }
    }

    private async Task<Outcome<BuiltImage>> BuildAsync(Builder builder, BuildRequest request, BuildOptions options, IBuildOutput output, CancellationToken ct, bool isAgain = false)
    {
        var progress = new LogProgress(output);
        try
        {
            return new BuiltImage(request.ImageName, await SolveAsync(builder, options, progress, output, ct));
        }
        catch (BuildKitSolveException e) when (options.CacheTo.Count > 0 && BuildFailure.IsUnknownCache(e))
        {
            builder.KeepsCache = false;
            output.Say("this builder cannot keep its cache in a registry (an engine with containerd's image store and a standalone BuildKit can); it stays where it builds");
            return await BuildAsync(builder, request, options with { CacheFrom = [], CacheTo = [] }, output, ct, isAgain);
        }
        catch (BuildKitSolveException e) when (where.Value.Push is { } target && BuildFailure.IsPush(e))
        {
            return RegistryFailures.FromWords(target.BuilderAddress, e.Message) ?? throw new RegistryAwayException($"the builder could not push to {target.BuilderAddress}: {e.Message}", e);
        }
        catch (BuildKitSolveException e) when (!isAgain && BuildFailure.IsLostLayer(e))
        {
            output.Say("the engine cleaned a layer away while it stored the image; once more, from its cache");
            return await BuildAsync(builder, request, options, output, ct, isAgain: true);
        }
        catch (BuildKitSolveException e) when (options.FrontendAttributes == OwnFrontend || FrontendImage.MissedBy(e) is not { } frontend || !FrontendImage.IsKnown(frontend))
        {
            progress.Rest();
            var failure = BuildFailure.From(e, request.Dockerfile, progress.LastLines(e.Step));
            return request.Frontend is { } asked && failure.Code == "build.frontend_unavailable" ? BuildFailure.WithoutFrontend(asked, e) : failure;
        }
        finally
        {
            progress.Rest();
        }
    }

    /// <summary>
    /// To the registry, with the image or, from an engine that cannot, by the engine afterwards: one on graphdrivers takes the attribute and
    /// does nothing.
    /// </summary>
    private static BuildOptions Pushed(Builder builder, BuildOptions options, BuildRequest request, RegistryTarget target)
    {
        var image = target.ToBuilder(request.ImageName);
        var attributes = new Dictionary<string, string> { ["push"] = "true" };
        if (target.IsPlain) attributes["registry.insecure"] = "true";
        var pushed = options with { ImageNames = [image], Registries = target.Credentials(), ExporterAttributes = attributes };
        if (!target.KeepsCache || !builder.KeepsCache || request.CacheImage is not { } kept) return pushed;

        var cache = CacheLocation.Registry(target.ToBuilder(kept));
        if (target.IsPlain) cache = cache with { Attributes = new Dictionary<string, string>(cache.Attributes) { ["registry.insecure"] = "true" } };
        // A cache that cannot be written is no reason to fail a build that is done.
        return pushed with { CacheFrom = [cache], CacheTo = [cache with { Attributes = new Dictionary<string, string>(cache.Attributes) { ["ignore-error"] = "true" } }] };
    }

    /// <summary>No faster than the log takes it in: what waits is in the daemon, not here.</summary>
    private static async Task<string> SolveAsync(Builder builder, BuildOptions options, LogProgress progress, IBuildOutput output, CancellationToken ct)
    {
        var digest = "";
        await foreach (var happened in builder.Client.SolveAsync(options, ct))
        {
            progress.Tell(happened);
            if (happened is BuildCompleted completed) digest = completed.Result.Digest;
            // Not given up on cancellation: what comes then is how the running step ended.
            await output.CatchUpAsync(CancellationToken.None);
        }

        return digest;
    }

    /// <summary>Whose the steps are, for those who look from outside.</summary>
    private static Dictionary<string, string> Mark(BuildRequest request)
    {
        var mark = StepMark.Of(request.Deployment);
        var name = StepMark.ArgumentFor(request.Dockerfile);
        // The user's own value, in the user's own spelling, goes on.
        var given = request.BuildArgs.FirstOrDefault(argument => argument.Key.Equals(name, StringComparison.OrdinalIgnoreCase));
        return new() { [$"build-arg:{given.Key ?? name}"] = given.Value is { Length: > 0 } value ? $"{value},{mark}" : mark };
    }

    /// <summary>Derived, so that the key itself never leaves for the daemon.</summary>
    internal static string SharedKey(Secret key) => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key.Reveal()), "buildkit context"u8));
}
