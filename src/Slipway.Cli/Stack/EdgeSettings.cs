using System.Text.Json;

namespace Slipway.Cli.Stack;

/// <summary>The edge's part of a settings file, however it is spelt: configuration knows no case, and takes "Slipway:Edge:Port" for a path.</summary>
internal static class EdgeSettings
{
    private const string Section = "slipway:edge:";
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <returns>One line a setting, in an order of its own.</returns>
    public static IEnumerable<string> Of(string json)
    {
        using var document = JsonDocument.Parse(json, Lenient);
        return [.. Leaves("", document.RootElement).Where(l => l.Path.StartsWith(Section, StringComparison.OrdinalIgnoreCase)).Select(l => $"{l.Path.ToLowerInvariant()}={l.Value}").Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<(string Path, string Value)> Leaves(string path, JsonElement at) => at.ValueKind switch
    {
        JsonValueKind.Object => at.EnumerateObject().SelectMany(p => Leaves($"{path}{p.Name}:", p.Value)),
        JsonValueKind.Array => at.EnumerateArray().SelectMany((item, i) => Leaves($"{path}{i}:", item)),
        _ => [(path, at.ToString())],
    };
}
