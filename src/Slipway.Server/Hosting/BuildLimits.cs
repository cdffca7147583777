using Microsoft.Extensions.Options;
using Slipway.Core.Hosting;
using Slipway.Core.Pipeline.Building;
using Slipway.Docker;

namespace Slipway.Server.Hosting;

/// <summary>Holds the steps of this home's builds to their limits, wherever the engine puts them.</summary>
internal sealed class BuildLimits(IBuildMachine machine, EngineProbe engine, IOptions<BuildLimitOptions> options)
{
    /// <summary>As it was last looked at; null before the first time.</summary>
    public StepLimitStatus? Status => machine.Status;

    public async Task<StepLimitStatus> ApplyAsync(CancellationToken ct)
    {
        if (await engine.LayoutAsync(ct) is not { } layout) return new StepLimitStatus.NotHeld("The Docker Engine does not say where its builds are.", "slipway status says whether it runs");
        return machine.Hold(layout, options.Value.StepLimits(machine.Memory().Total));
    }

    /// <summary>One sentence for people.</summary>
    public static string Describe(StepLimitStatus? status) => status switch
    {
        StepLimitStatus.Held { Limits: var l } => $"each build step may use {l.MemoryBytes >> 20} MiB of memory and {l.Processes} processes",
        StepLimitStatus.NotHeld n => $"NOT limited: memory and processes of build steps: {n.Reason} {n.Hint}",
        _ => "not looked at yet",
    };
}
