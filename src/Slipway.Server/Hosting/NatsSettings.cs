using Slipway.Core.Pipeline;
using Slipway.Nats;

namespace Slipway.Server.Hosting;

/// <summary>NATS' settings, for those that need them before anything runs.</summary>
internal static class NatsSettings
{
    /// <summary>A restart of the NATS server is over before a lease is.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    /// <exception cref="SettingsException">They cannot be right.</exception>
    public static NatsOptions Read(IConfiguration settings)
    {
        var options = new NatsOptions();
        settings.GetSection(NatsOptions.Section).Bind(options);
        return options.Fault() is { } fault ? throw new SettingsException(fault) : options;
    }

    /// <summary>How long a job is a worker's without a sign of life.</summary>
    public static TimeSpan LeaseDuration(IConfiguration settings) => settings.GetValue($"{PipelineOptions.Section}:LeaseDuration", Lease);
}
