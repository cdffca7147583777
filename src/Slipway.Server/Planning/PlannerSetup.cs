using Microsoft.Extensions.Options;
using Slipway.Core.Pipeline;
using Slipway.Core.Pipeline.Planning;

namespace Slipway.Server.Planning;

/// <summary>The planner that <c>Slipway:Pipeline:Planner</c> names; for every role that builds.</summary>
internal static class PlannerSetup
{
    private const string Setting = PipelineOptions.Section + ":Planner";

    public static IServiceCollection AddPlanner(this IServiceCollection services, IConfiguration settings) => (settings[Setting] ?? "builtin").Trim().ToLowerInvariant() switch
    {
        "builtin" or "" => services.AddSingleton<ISourcePlanner, BuiltInPlanner>(),
        "nixpacks" => services.AddSingleton<ISourcePlanner>(s => new NixpacksPlanner(s.GetRequiredService<IOptions<PipelineOptions>>(), s.GetRequiredService<TimeProvider>())),
        "railpack" => services.AddSingleton<ISourcePlanner>(s => new RailpackPlanner(s.GetRequiredService<IOptions<PipelineOptions>>(), s.GetRequiredService<TimeProvider>())),
        var other => throw new SettingsException($"{Setting} is '{other}'; there are: builtin, nixpacks, railpack"),
    };
}
