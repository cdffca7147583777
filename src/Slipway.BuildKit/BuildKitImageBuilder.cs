using System.Security.Cryptography;
using System.Text;
using BuildKit.Client;
using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Core.BuildLogs;
using Slipway.Core.Hosting;
using Slipway.Core.Pipeline.Building;

namespace Slipway.BuildKit;

/// <summary>BuildRequest → image in the engine's store, or the daemon's.</summary>
internal sealed class BuildKitImageBuilder(BuildKitClient client, IOptions<BuildKitOptions> where) : IImageBuilder
{
    public async Task<Outcome<BuiltImage>> BuildAsync(BuildRequest request, IBuildOutput output, CancellationToken ct)
    {
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
            SharedKey = SharedKey(request.CacheKey),
            FrontendAttributes = Mark(request),
        };
        var progress = new LogProgress(output);
        try
        {
            return new BuiltImage(request.ImageName, await SolveAsync(options, progress, output, ct));
        }
        catch (BuildKitSolveException e)
        {
            progress.Rest();
            return BuildFailure.From(e, progress.LastLines(e.Step));
        }
        finally
        {
            progress.Rest();
        }
    }

    /// <summary>No faster than the log takes it in: what waits is in the daemon, not here.</summary>
    private async Task<string> SolveAsync(BuildOptions options, LogProgress progress, IBuildOutput output, CancellationToken ct)
    {
        var digest = "";
        await foreach (var happened in client.SolveAsync(options, ct))
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
    private static string SharedKey(Secret key) => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key.Reveal()), "buildkit context"u8));
}
