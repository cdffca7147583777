using System.Reflection;

namespace Slipway.Edge.Startup;

internal static class EdgeVersion
{
    public static string Text { get; } =
        Environment.GetEnvironmentVariable("SLIPWAY_BUILD") is { Length: > 0 } build ? build : typeof(EdgeVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";
}
