using System.Reflection;

namespace Slipway.Server.Hosting;

/// <summary>The version, with the launcher's build stamp where it runs from a checkout.</summary>
internal static class BuildVersion
{
    public static string Text { get; } =
        Environment.GetEnvironmentVariable("SLIPWAY_BUILD") is { Length: > 0 } build
            ? build
            : Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";
}
