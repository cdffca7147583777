using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Slipway.BuildKit;
using Slipway.Core.Certificates;
using Slipway.Core.Pipeline;
using Slipway.Core.Pipeline.Building;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.RuntimeLogs;
using Slipway.Core.Storage;
using Slipway.Docker;
using Slipway.Edge;
using Slipway.Git;
using Slipway.Nats;
using Slipway.Registry;
using Slipway.Server.Hosting;
using Slipway.Server.Metrics;
using Slipway.Host;
using Slipway.Store;
using Slipway.Testing;

namespace Server.Tests;

/// <summary>Every setting, printed from the types that hold it.</summary>
public partial class ConfigurationDocTests
{
    private static readonly Type[] Options = [typeof(PipelineOptions), typeof(BuildLimitOptions), typeof(RuntimeOptions), typeof(SleepOptions), typeof(RuntimeLogOptions), typeof(SourceOptions), typeof(BaseImageOptions), typeof(BuildKitOptions), typeof(DockerOptions), typeof(HostOptions), typeof(EdgeOptions), typeof(EdgeTlsOptions), typeof(MetricsOptions), typeof(StoreOptions), typeof(StorageOptions), typeof(RegistryOptions), typeof(NatsOptions), typeof(ApiOptions), typeof(BackupOptions), typeof(AcmeOptions)];

    /// <summary>Set by the server itself from the home.</summary>
    private static readonly string[] Own = ["HomeId", "WorkDirectory", "ImagePrefix", "UploadsDirectory", "DatabasePath", "MasterKeyFile", "IsTool", "AdminSocket", "TableFile", "RunFile", "IsShared", "CompanionSocket", "EngineSocket", "Push", "Registry", "IsWanted", "IsStandalone", "IsPlainForBuilder", "Checkout", "BaseDomain", "Tls", "AutomaticFolder", "ChallengeFolder", "DirectoryUrl"];

    [Fact]
    public void The_settings_are_what_the_page_says()
    {
        var text = new StringBuilder("""
            # Settings

            Printed from the code by `tests/Server.Tests`. A setting is read from `settings.json` in the home
            (`{"Slipway": {"Pipeline": {"Concurrency": 2}}}`) or from the environment (`Slipway__Pipeline__Concurrency=2`); the
            environment wins, and the prefix `Slipway` may be left out. `SLIPWAY_HOME` moves the home, `SLIPWAY_PORT` the edge, `DOCKER_HOST` names another engine's unix socket,
            `Slipway:Runtime:BaseDomain` the domain below which hosts are made (default `localhost`).

            """);
        foreach (var type in Options)
        {
            var section = (string?)type.GetField("Section")?.GetValue(null);
            text.Append(CultureInfo.InvariantCulture, $"\n## {section}\n\n| setting | default | |\n|---|---|---|\n");
            var defaults = Activator.CreateInstance(type);
            foreach (var p in type.GetProperties().Where(p => !Own.Contains(p.Name)).OrderBy(p => p.MetadataToken))
            {
                text.Append(CultureInfo.InvariantCulture, $"| `{p.Name}` | {Show(p.GetValue(defaults))} | {Summary(p)} |\n");
            }
        }

        Golden.Match(text.ToString(), "docs/configuration.md");
    }

    private static string Show(object? value) => value switch
    {
        null or "" => "",
        string or ValueType => $"`{string.Create(CultureInfo.InvariantCulture, $"{value}")}`",
        ICollection { Count: 0 } => "none",
        InstanceLimits l => string.Create(CultureInfo.InvariantCulture, $"{l.MemoryBytes >> 20} MiB, {l.Cpus} cores, {l.Pids} processes"),
        _ => "",
    };

    private static string Summary(PropertyInfo property)
    {
        var file = Path.ChangeExtension(property.DeclaringType!.Assembly.Location, ".xml");
        var member = XDocument.Load(file).Descendants("member").FirstOrDefault(m => m.Attribute("name")?.Value == $"P:{property.DeclaringType.FullName}.{property.Name}");
        var summary = member?.Element("summary");
        if (summary is null) return "";
        foreach (var see in summary.Descendants("see").ToList()) see.ReplaceWith($"`{(see.Attribute("cref")?.Value ?? see.Attribute("langword")?.Value ?? "").Split('.')[^1]}`");
        foreach (var code in summary.Descendants("c").ToList()) code.ReplaceWith($"`{code.Value}`");
        return Blanks().Replace(summary.Value, " ").Trim().Replace("|", "\\|", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
