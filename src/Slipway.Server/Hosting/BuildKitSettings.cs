using Slipway.BuildKit;

namespace Slipway.Server.Hosting;

/// <summary>The builder's settings, for those that need them before anything runs.</summary>
internal static class BuildKitSettings
{
    /// <exception cref="SettingsException">They cannot be right.</exception>
    public static BuildKitOptions Read(IConfiguration settings)
    {
        var options = new BuildKitOptions();
        settings.GetSection(BuildKitOptions.Section).Bind(options);
        return options.Fault() is { } fault ? throw new SettingsException(fault) : options;
    }
}
