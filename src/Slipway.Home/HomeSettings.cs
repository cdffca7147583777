using Microsoft.Extensions.Configuration;
using Slipway.Core;
using Slipway.Core.Pipeline.Routing;

namespace Slipway.Home;

/// <summary>Settings of a home: <c>settings.json</c> under it (keys <c>Slipway:…</c>), then <c>Slipway__…</c> in the environment.</summary>
public static class HomeSettings
{
    private static readonly string[] Sections = ["Pipeline", "Runtime", "Sources", "BaseImages", "BuildKit", "Docker", "Host", "Edge", "Api", "Sleep", "Store", "Metrics", "Nats", "Registry", "Backup", "Stack", "Acme"];

    public static IConfigurationRoot Load(SlipwayHome home)
    {
        var given = new ConfigurationBuilder().AddJsonFile(Path.Combine(home.Root, "settings.json"), optional: true).AddEnvironmentVariables().Build();
        // "BaseImages:Source" is understood as "Slipway:BaseImages:Source": people write it as they say it.
        var shortened = given.AsEnumerable().Where(s => s.Value is not null && Sections.Any(n => s.Key.StartsWith(n + ":", StringComparison.OrdinalIgnoreCase)))
            .Select(s => KeyValuePair.Create($"Slipway:{s.Key}", s.Value));
        return new ConfigurationBuilder().AddInMemoryCollection(shortened).AddConfiguration(given).Build();
    }

    /// <exception cref="SettingsException">It is no domain.</exception>
    public static string BaseDomain(IConfiguration settings)
    {
        var domain = (settings["Slipway:Runtime:BaseDomain"] ?? settings["Slipway:Edge:BaseDomain"] ?? "localhost").Trim().ToLowerInvariant();
        return BaseDomainRule.Check(domain) is { } bad ? throw new SettingsException($"{bad.Message}; {bad.Hint} (Slipway:Runtime:BaseDomain)") : domain;
    }

    public static bool IsPublic(IConfiguration settings) => bool.TryParse(settings["Slipway:Edge:BindPublic"], out var isPublic) && isPublic;

    /// <summary><c>SLIPWAY_PORT</c>, or null when the edge may choose (80, else 8080).</summary>
    /// <exception cref="SettingsException">It is no port.</exception>
    public static int? EdgePort(IConfiguration settings)
    {
        if ((settings["SLIPWAY_PORT"] ?? settings["Slipway:Edge:Port"]) is not { Length: > 0 } text) return null;
        return int.TryParse(text, out var port) && port is > 0 and < 65536
            ? port
            : throw new SettingsException($"SLIPWAY_PORT is '{text}', which is no port; give a number from 1 to 65535");
    }
}
