using Slipway.BuildKit;
using Slipway.Registry;

namespace Slipway.Server.Hosting;

/// <summary>The registry's settings, for those that need them before anything runs.</summary>
internal static class RegistrySettings
{
    /// <exception cref="SettingsException">They cannot be right.</exception>
    public static RegistryOptions Read(IConfiguration settings)
    {
        var options = new RegistryOptions();
        settings.GetSection(RegistryOptions.Section).Bind(options);
        return options.Fault() is { } fault ? throw new SettingsException(fault) : options;
    }

    /// <summary>What image names begin with: the registry's address, where there is one, and the home's own.</summary>
    public static string ImagePrefix(IConfiguration settings, string homeId) => Read(settings) is { IsWanted: true } registry ? $"{registry.Address}/slipway-{homeId}" : $"slipway-{homeId}";

    public static RegistryTarget ForBuilder(RegistryOptions o) => new(o.Address, o.BuilderAddress.Length > 0 ? o.BuilderAddress : o.Address, o.Login, o.IsPlainForBuilder, o.Cache);
}
