using Microsoft.Extensions.DependencyInjection;

namespace Slipway.Core.Metrics;

/// <summary>One value of a <see cref="Gauge"/>, with what tells it from its others.</summary>
public sealed record Reading(double Value, params KeyValuePair<string, object?>[] Tags)
{
    public static Reading Of(double value, string tag, string named) => new(value, KeyValuePair.Create<string, object?>(tag, named));
}

/// <summary>Something that is as it is and must be asked for: it is looked at just before each scrape, and costs nothing while nobody scrapes.</summary>
/// <param name="Name">Dotted: <c>slipway.queue.depth</c>.</param>
/// <param name="Unit">UCUM: <c>s</c>, <c>By</c>, <c>{job}</c>.</param>
/// <param name="Look">What it is now; none where it cannot be told. It has three seconds.</param>
public sealed record Gauge(string Name, string Unit, string Meaning, Func<CancellationToken, Task<IReadOnlyList<Reading>>> Look);

public static class GaugeSetup
{
    /// <summary>Registers a gauge; <paramref name="look"/> gets the services of the process, and the token ends after three seconds.</summary>
    public static IServiceCollection AddGauge(
        this IServiceCollection services, string name, string unit, string meaning, Func<IServiceProvider, CancellationToken, Task<IReadOnlyList<Reading>>> look) =>
        services.AddSingleton(provider => new Gauge(name, unit, meaning, ct => look(provider, ct)));
}
