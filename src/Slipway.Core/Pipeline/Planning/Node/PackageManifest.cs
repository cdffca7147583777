using System.Text.Json;

namespace Slipway.Core.Pipeline.Planning.Node;

/// <summary>A package.json, as far as a plan looks. What has the wrong type counts as absent, as npm does.</summary>
internal sealed class PackageManifest
{
    private readonly JsonElement _root;
    private readonly Dictionary<string, string> _dependencies;
    private readonly Dictionary<string, string> _developmentDependencies;

    private PackageManifest(JsonElement root)
    {
        _root = root;
        Scripts = Strings(root, "scripts");
        _dependencies = Strings(root, "dependencies");
        _developmentDependencies = Strings(root, "devDependencies");
        foreach (var (name, version) in Strings(root, "optionalDependencies")) _dependencies.TryAdd(name, version);
    }

    public string? Name => Text(_root, "name");

    public string? Main => Text(_root, "main");

    public string? PackageManager => Text(_root, "packageManager");

    public IReadOnlyDictionary<string, string> Scripts { get; }

    public IReadOnlyCollection<string> DevelopmentDependencies => _developmentDependencies.Keys;

    /// <summary>Name and version wanted, production's first.</summary>
    public IEnumerable<KeyValuePair<string, string>> AllDependencies => _dependencies.Concat(_developmentDependencies);

    /// <summary>Patterns of folders, in either of the two ways to write them.</summary>
    public IReadOnlyList<string> Workspaces =>
        Property(_root, "workspaces") is { } workspaces ? Texts(Property(workspaces, "packages") ?? workspaces) : [];

    /// <summary>Files that pnpm or bun patch packages with.</summary>
    public IEnumerable<string> Patches =>
        Strings(_root, "patchedDependencies").Values.Concat(Property(_root, "pnpm") is { } pnpm ? Strings(pnpm, "patchedDependencies").Values : []);

    public string? Script(string name) => Scripts.GetValueOrDefault(name) is { } script && !string.IsNullOrWhiteSpace(script) ? script : null;

    public bool Has(string dependency) => _dependencies.ContainsKey(dependency) || _developmentDependencies.ContainsKey(dependency);

    public string? VersionOf(string dependency) => _dependencies.GetValueOrDefault(dependency) ?? _developmentDependencies.GetValueOrDefault(dependency);

    /// <summary><c>engines.node</c> and the like.</summary>
    public string? Engine(string name) => Property(_root, "engines") is { } engines ? Text(engines, name) : null;

    /// <summary>The first of <c>devEngines</c>' entries of a kind, which holds one object or a list of them.</summary>
    public (string Name, string? Version)? DevelopmentEngine(string kind)
    {
        if (Property(_root, "devEngines") is not { } engines || Property(engines, kind) is not { } entry) return null;
        var entries = entry.ValueKind == JsonValueKind.Array ? [.. entry.EnumerateArray()] : new[] { entry };
        foreach (var candidate in entries)
            if (Text(candidate, "name") is { } name) return (name, Text(candidate, "version"));
        return null;
    }

    /// <summary>A Failure says where it stops being JSON.</summary>
    public static Outcome<PackageManifest> Parse(string? text, string path)
    {
        if (text is null) return new Failure("plan.invalid_package_json", $"{path} cannot be read: it is larger than 8 MiB or leads out of the source.");
        try
        {
            var root = JsonElement.Parse(text.TrimStart('\uFEFF'));
            return root.ValueKind == JsonValueKind.Object
                ? new PackageManifest(root)
                : new Failure("plan.invalid_package_json", $"{path} holds no JSON object.", "package.json begins with { and ends with }.");
        }
        catch (JsonException exception)
        {
            var at = $"line {exception.LineNumber + 1}, column {exception.BytePositionInLine + 1}";
            return new Failure("plan.invalid_package_json", $"{path} is not valid JSON at {at}.", "Comments and trailing commas are not allowed in package.json.");
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            // Half a surrogate pair, raw or escaped: grammatically JSON, but no text.
            return new Failure("plan.invalid_package_json", $"{path} holds a string that is not valid Unicode.");
        }
    }

    private static JsonElement? Property(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : null;

    private static string? Text(JsonElement element, string name) => Property(element, name) is { } value ? Text(value) : null;

    private static string? Text(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static List<string> Texts(JsonElement list) =>
        list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray().Select(Text).OfType<string>()] : [];

    private static Dictionary<string, string> Strings(JsonElement element, string name)
    {
        var strings = new Dictionary<string, string>(StringComparer.Ordinal);
        if (Property(element, name) is not { ValueKind: JsonValueKind.Object } map) return strings;
        foreach (var property in map.EnumerateObject())
            if (Text(property.Value) is { } text) strings[property.Name] = text;
        return strings;
    }
}
