using System.Reflection;

namespace Slipway.Edge.Startup;

internal static class EdgeVersion
{
    public static string Text { get; } =
        typeof(EdgeVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";
}
