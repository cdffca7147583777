using System.Text.RegularExpressions;
using Slipway.Core.Pipeline.Sourcing;

namespace Slipway.Core.Pipeline.Planning.Node;

/// <summary>Which Node builds and runs the app.</summary>
/// <param name="Tag">The version in the image's name: a major, or an exact version that the repository asks for.</param>
/// <param name="Range">What of that major will do; for a base made without a registry.</param>
internal sealed partial record NodeVersion(string Tag, string Range, IReadOnlyList<PlanEvidence> Evidence, IReadOnlyList<string> Warnings)
{
    private const int Default = 22;

    /// <summary>Majors to pick from where a range allows several, dearest first: the default, then long-term support, newest first.</summary>
    private static readonly int[] Majors = [Default, 24, 20, 26, 18, 25, 23, 21, 19, 16, 14];

    private static readonly Dictionary<string, string> Aliases = new(StringComparer.OrdinalIgnoreCase)
    {
        ["lts/*"] = "24",
        ["lts"] = "24",
        ["lts/krypton"] = "24",
        ["lts/jod"] = "22",
        ["lts/iron"] = "20",
        ["lts/hydrogen"] = "18",
        ["lts/gallium"] = "16",
        ["lts/fermium"] = "14",
        ["node"] = "26",
        ["current"] = "26",
        ["latest"] = "26",
        ["stable"] = "26",
    };

    /// <summary>The major that an image's tag means by a name, a long-term support's own included; null for an unknown one.</summary>
    public static string? Named(string name) => Aliases.GetValueOrDefault(name) ?? Aliases.GetValueOrDefault($"lts/{name}");

    public int Major => int.Parse(Tag.Split('.')[0]);

    public string BuildImage => $"node:{Tag}-bookworm";

    public string RunImage => $"node:{Tag}-bookworm-slim";

    /// <summary>The strongest source decides; a weaker one may narrow it, never contradict it.</summary>
    public static NodeVersion Detect(ISourceTree tree, string app, IReadOnlyList<(string Path, PackageManifest Manifest)> manifests)
    {
        var warnings = new List<string>();
        var evidence = new List<PlanEvidence>();
        SemverRange? wanted = null;
        foreach (var (file, key, text) in Sources(tree, app, manifests))
        {
            if (SemverRange.Parse(Aliases.GetValueOrDefault(text, text)) is not { } range || PickMajor(range) is null)
            {
                warnings.Add($"{file}: {key}\"{Printable(text)}\" names no Node that we can get; it was ignored.");
                continue;
            }

            if (wanted is null)
            {
                wanted = range;
                evidence.Add(new(file, $"{key}{Printable(text)}: Node {PickMajor(range)}"));
                continue;
            }

            var narrowed = wanted.Intersect(range);
            if (PickMajor(narrowed) is not { } major) warnings.Add($"{file}: {key}{Printable(text)} does not fit {evidence[0].File}, which is stronger ({evidence[0].What}).");
            else if (narrowed.ToString() != wanted.ToString())
            {
                wanted = narrowed;
                evidence.Add(new(file, $"{key}{Printable(text)}: Node {major}"));
            }
        }

        foreach (var (dependency, floor) in FrameworkFloors.Of(manifests[0].Manifest))
        {
            if (SemverRange.Parse(floor) is not { } needed) continue;
            var narrowed = wanted?.Intersect(needed) ?? needed;
            if (PickMajor(narrowed) is null)
            {
                // A wish that cannot come true: the framework refuses to run.
                warnings.Add($"{evidence[0].File}: {evidence[0].What}, on which {dependency} does not run: it needs {floor}, which was taken.");
                narrowed = needed;
            }

            if (narrowed.ToString() == wanted?.ToString()) continue;
            wanted = narrowed;
            evidence.Add(new(manifests[0].Path, $"{dependency} needs {floor}: Node {PickMajor(narrowed)}"));
        }

        if (wanted is null) return new($"{Default}", $"{Default}", [new(manifests[0].Path, $"no Node version asked for: Node {Default}")], warnings);
        var picked = PickMajor(wanted) ?? Default;
        var within = wanted.Intersect(SemverRange.Major(picked)).ToString();
        return new(Exact().IsMatch(within) ? within : $"{picked}", within, evidence, warnings);
    }

    private static int? PickMajor(SemverRange range) =>
        Majors.Where(major => !range.Intersect(SemverRange.Major(major)).IsEmpty).Select(major => (int?)major).FirstOrDefault();

    private static IEnumerable<(string File, string Key, string Text)> Sources(ISourceTree tree, string app, IReadOnlyList<(string Path, PackageManifest Manifest)> manifests)
    {
        foreach (var (path, manifest) in manifests)
            if (manifest.Engine("node") is { } engine && !string.IsNullOrWhiteSpace(engine)) yield return (path, "engines.node ", engine.Trim());
        foreach (var name in new[] { ".nvmrc", ".node-version" })
            foreach (var folder in SourcePath.Upwards(app))
            {
                var path = SourcePath.Join(folder, name);
                if (FirstWord(tree.ReadText(path)) is not { } word) continue;
                yield return (path, "", word);
                break;
            }

        foreach (var (path, manifest) in manifests)
            if (manifest.DevelopmentEngine("runtime") is { Name: "node", Version: { } version }) yield return (path, "devEngines.runtime ", version.Trim());
    }

    private static string? FirstWord(string? text) =>
        text?.Split('\n').Select(line => line.Split('#')[0].Trim()).FirstOrDefault(line => line.Length > 0);

    private static string Printable(string text) => new([.. text.Where(c => !char.IsControl(c)).Take(60)]);

    [GeneratedRegex(@"^\d+\.\d+\.\d+$")]
    private static partial Regex Exact();
}
