using Docker.DotNet;
using Docker.DotNet.Models;
using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Core.BuildLogs;
using Slipway.Core.Pipeline.Building;
using Slipway.Core.Pipeline.Planning;

namespace Slipway.Docker.BaseImages;

/// <summary>The official image where a registry gives it, else one made here; which of the two is said in the log.</summary>
internal sealed class EngineBaseImages(IDockerClient engine, LocalBaseImages local, DotnetImages dotnet, IOptions<BaseImageOptions> options, TimeProvider time) : IBaseImages
{
    private const string Step = "base";

    // A registry that was out of reach is not asked again for a while: every build would wait for it.
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(10);
    private long? _unreachableSince;

    public async Task<Outcome<string>> ResolveAsync(BaseImageNeed need, IBuildOutput output, CancellationToken ct)
    {
        var isOurs = need.Name.StartsWith("slipway/", StringComparison.Ordinal);
        if (!isOurs && options.Value.Source != "bootstrap")
        {
            if (await ObtainAsync(need.Name, output, ct) is not { } problem) return need.Name;
            if (options.Value.Source == "registry")
            {
                return new Failure("build.base_unavailable", $"the base image {need.Name} cannot be pulled: {problem}", "see that the registry can be reached, or set BaseImages:Source to auto", Step);
            }

            output.Say($"{need.Name} cannot be pulled ({problem}); building on Slipway's own image instead, made like it on Debian bookworm: not the same bytes", Step);
        }

        try
        {
            return (await MakeAsync(need, text => output.Say(text, Step), ct)).Reference;
        }
        catch (NotOnThisHostException e)
        {
            return new Failure("build.base_unavailable", $"the base image {need.Name} cannot be pulled, and cannot be made here: {e.Message}", e.Hint, Step);
        }
        catch (VersionNotPublishedException e)
        {
            return new Failure("build.base_unavailable", $"no published version of {e.Package} satisfies '{e.Range}'", "change the version that the project asks for (engines.node, .nvmrc, FROM)", Step);
        }
    }

    /// <summary>Null when the official image is here now, else why not.</summary>
    public async Task<string?> ObtainAsync(string name, IBuildOutput output, CancellationToken ct)
    {
        if (await IsHereAsync(name, ct)) return null;
        return IsKnownUnreachable() ? "no registry could be reached a moment ago" : await PullAsync(name, output, ct);
    }

    private async Task<BaseImage> MakeAsync(BaseImageNeed need, Action<string> progress, CancellationToken ct) => need switch
    {
        { Kind: BaseImageKind.Static } => await MakeStaticAsync(progress, ct),
        { Kind: BaseImageKind.OfficialNode } => await local.NodeAsync(need.Version ?? "22", need.ForBuild ? NodeFlavour.Official : NodeFlavour.OfficialSlim, progress, ct),
        { Kind: BaseImageKind.DotnetSdk or BaseImageKind.DotnetAspNet or BaseImageKind.DotnetRuntime } => await dotnet.MakeAsync(need, progress, ct),
        { Kind: BaseImageKind.OfficialBun } => await local.OfficialBunAsync(need.Version ?? "*", progress, ct),
        { Kind: BaseImageKind.Node } when !need.Name.StartsWith("slipway/", StringComparison.Ordinal) =>
            // npm in the last stage too: an app may be started by "npm start".
            await local.NodeAsync(need.Version ?? "22", need.ForBuild ? NodeFlavour.Build : NodeFlavour.Npm, progress, ct),
        _ => await local.NamedAsync(need.Name, progress, ct) ?? await local.DebianAsync(progress, ct),
    };

    private Task<BaseImage> MakeStaticAsync(Action<string> progress, CancellationToken ct) =>
        options.Value.Checkout.Length > 0
            ? local.StaticFromCheckoutAsync(options.Value.Checkout, options.Value.StaticRoot, progress, ct)
            : local.StaticAsync(options.Value.StaticRoot, progress, ct);

    private async Task<bool> IsHereAsync(string name, CancellationToken ct)
    {
        try
        {
            await engine.Images.InspectImageAsync(name, ct);
            return true;
        }
        catch (DockerImageNotFoundException)
        {
            return false;
        }
    }

    private bool IsKnownUnreachable() => _unreachableSince is { } since && time.GetElapsedTime(since) < Memory;

    /// <summary>Null when it is here now, else why not.</summary>
    private async Task<string?> PullAsync(string name, IBuildOutput output, CancellationToken ct)
    {
        output.Say($"pulling {name}", Step);
        using var silence = new CancellationTokenSource(options.Value.RegistrySilence, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, silence.Token);
        var progress = new PullProgress(() => silence.CancelAfter(options.Value.RegistrySilence));
        try
        {
            var (repository, tag) = name.LastIndexOf(':') is > 0 and var at ? (name[..at], name[(at + 1)..]) : (name, "latest");
            await engine.Images.CreateImageAsync(new() { FromImage = repository, Tag = tag }, null, progress, either.Token);
            if (progress.Error is null && await IsHereAsync(name, ct)) return null;
            return Missing(progress.Error ?? "the registry did not give it");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return Unreachable($"no answer within {options.Value.RegistrySilence.TotalSeconds:0} s");
        }
        catch (DockerApiException e)
        {
            return Missing(e.Message);
        }
    }

    /// <summary>A registry that answers that it has no such image is no registry out of reach.</summary>
    private string Missing(string why) =>
        why.Contains("manifest unknown", StringComparison.Ordinal) || why.Contains("not found: manifest", StringComparison.Ordinal) || why.Contains("access denied", StringComparison.Ordinal) || why.Contains("toomanyrequests", StringComparison.Ordinal)
            ? Shorten(why) : Unreachable(why);

    private string Unreachable(string why)
    {
        _unreachableSince = time.GetTimestamp();
        return Shorten(why);
    }

    private static string Shorten(string text) => text.Length > 200 ? text[..200] + "…" : text;

    private sealed class PullProgress(Action alive) : IProgress<JSONMessage>
    {
        public string? Error { get; private set; }

        public void Report(JSONMessage value)
        {
            Error ??= value.Error?.Message;
            alive();
        }
    }
}
