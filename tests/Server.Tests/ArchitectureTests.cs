using System.Xml.Linq;
using Slipway.Testing;

namespace Server.Tests;

/// <summary>Who may reference whom; the graph is printed into ARCHITECTURE.md.</summary>
public class ArchitectureTests
{
    private static readonly string[] Adapters = ["Slipway.Acme", "Slipway.BuildKit", "Slipway.Docker", "Slipway.Edge", "Slipway.Git", "Slipway.Host", "Slipway.Nats", "Slipway.Registry", "Slipway.Store"];

    private static Dictionary<string, string[]> Graph() => Directory.EnumerateFiles(Path.Combine(Golden.Root, "src"), "*.csproj", SearchOption.AllDirectories)
        .ToDictionary(f => Path.GetFileNameWithoutExtension(f), f => XDocument.Load(f).Descendants("ProjectReference")
            .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")?.Value.Replace('\\', '/')) ?? "").Order(StringComparer.Ordinal).ToArray());

    [Fact]
    public void References_point_only_where_they_may()
    {
        var graph = Graph();
        string[] May(string project) => project switch
        {
            "Slipway.Core" or "Slipway.Client" or "BuildKit.Client" or "Slipway.StaticSite" => [],
            "Slipway.BuildKit" => ["BuildKit.Client", "Slipway.Core"],
            "Slipway.Dashboard" => ["Slipway.Client"],
            "Slipway.Cli" => ["Slipway.Client", "Slipway.Core"],
            "Slipway.Home" => ["Slipway.Core", "Slipway.Edge", "Slipway.Host"],
            "Slipway.EdgeServer" => ["Slipway.Edge", "Slipway.Home"],
            "Slipway.Server" => [.. graph.Keys],
            _ when Adapters.Contains(project) => ["Slipway.Core"],
            _ => throw new InvalidOperationException($"{project} has no rule here: say what it may reference"),
        };
        foreach (var (project, references) in graph) Assert.Empty(references.Except(May(project)).Select(r => $"{project} → {r}"));
    }

    [Fact]
    public void A_stage_names_no_later_stage()
    {
        string[] order = ["Sourcing", "Planning", "Building", "Shipping", "Running", "Routing"];
        var pipeline = Path.Combine(Golden.Root, "src", "Slipway.Core", "Pipeline");
        for (var i = 0; i < order.Length; i++)
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(pipeline, order[i]), "*.cs", SearchOption.AllDirectories))
            {
                var text = File.ReadAllText(file);
                foreach (var later in order.Skip(i + 1)) Assert.DoesNotContain($"using Slipway.Core.Pipeline.{later}", text, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void The_graph_in_ARCHITECTURE_is_the_code_s()
    {
        var lines = Graph().OrderBy(p => p.Key, StringComparer.Ordinal).SelectMany(p => p.Value.Length == 0 ? [$"    {p.Key}"] : p.Value.Select(r => $"    {p.Key} --> {r}"));
        Golden.Match($"```mermaid\ngraph LR\n{string.Join('\n', lines)}\n```", "docs/graph.md");
    }
}
