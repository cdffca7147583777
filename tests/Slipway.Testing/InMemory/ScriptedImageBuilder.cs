using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Slipway.Core;
using Slipway.Core.BuildLogs;
using Slipway.Core.Pipeline.Building;

namespace Slipway.Testing.InMemory;

/// <summary>What a scripted build does: tells its lines, then fails, hangs until it is cancelled, or makes an image.</summary>
/// <param name="Step">The step its lines belong to.</param>
public sealed record ScriptedBuild(string Step, params string[] Lines)
{
    public Failure? FailsWith { get; init; }

    public bool Hangs { get; init; }

    /// <summary>A sentence of the builder itself, before all lines.</summary>
    public string? Says { get; init; }

    /// <summary>A secret without which it fails.</summary>
    public string? NeedsSecret { get; init; }
}

/// <summary>Plays scripts: a Dockerfile is a name in <see cref="Builds"/>; one that has none builds well and silently.</summary>
public sealed class ScriptedImageBuilder : IImageBuilder
{
    /// <summary>Text of the Dockerfile → what its build does.</summary>
    public ConcurrentDictionary<string, ScriptedBuild> Builds { get; } = new(StringComparer.Ordinal);

    /// <summary>Every request, in order.</summary>
    public ConcurrentQueue<BuildRequest> Requests { get; } = new();

    public async Task<Outcome<BuiltImage>> BuildAsync(BuildRequest request, IBuildOutput output, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        Requests.Enqueue(request);
        if (Builds.TryGetValue(request.Dockerfile, out var build))
        {
            if (build.Says is { } sentence) output.Say(sentence);
            output.Step(build.Step, $"▶ {build.Step}", new StepChange { Name = build.Step, State = StepState.Running });
            foreach (var line in build.Lines) output.Line(BuildLogStream.Out, build.Step, line);
            await output.CatchUpAsync(ct);
            if (build.Hangs) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
            if (build.FailsWith is { } failure) return failure;
            if (build.NeedsSecret is { } secret && !request.Secrets.ContainsKey(secret))
                return new Failure("build.step_failed", $"{build.Step} failed with exit code 1", Step: build.Step, ExitCode: 1);
        }

        return new BuiltImage(request.ImageName, $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(request.Dockerfile)))}");
    }
}
