using System.Text.RegularExpressions;

namespace Slipway.Docker.BaseImages;

/// <summary>Where the host gets Debian's packages, so that images come from a mirror that is known to be reached.</summary>
internal sealed partial record DebianSources(string Archive, string Security)
{
    public static DebianSources Default { get; } = new("http://deb.debian.org/debian", "http://deb.debian.org/debian-security");

    // A third party's repository uses its own suite names, Ubuntu its own path.
    private static readonly string[] Suites = ["bullseye", "bookworm", "trixie", "forky", "sid", "oldstable", "stable", "testing", "unstable"];

    public static async Task<DebianSources> OfHostAsync(CancellationToken ct)
    {
        var texts = new List<string>();
        if (File.Exists("/etc/apt/sources.list"))
            texts.Add(await File.ReadAllTextAsync("/etc/apt/sources.list", ct));
        if (Directory.Exists("/etc/apt/sources.list.d"))
            foreach (var file in Directory.EnumerateFiles("/etc/apt/sources.list.d").Order(StringComparer.Ordinal))
                if (Path.GetExtension(file) is ".list" or ".sources")
                    texts.Add(await File.ReadAllTextAsync(file, ct));
        return Parse(texts);
    }

    public static DebianSources Parse(IEnumerable<string> texts)
    {
        string? archive = null, security = null;
        foreach (var (uri, suite) in texts.SelectMany(Entries))
        {
            if (!uri.Contains("/debian", StringComparison.Ordinal) || !uri.StartsWith("http", StringComparison.Ordinal)) continue;
            if (Suites.Contains(suite)) archive ??= uri.TrimEnd('/');
            if (suite.EndsWith("-security", StringComparison.Ordinal)) security ??= uri.TrimEnd('/');
        }
        return new(archive ?? Default.Archive, security ?? Default.Security);
    }

    /// <summary>Lines for a sources.list of one suite.</summary>
    public IReadOnlyList<string> For(string suite) =>
    [
        $"deb {Archive} {suite} main",
        $"deb {Archive} {suite}-updates main",
        $"deb {Security} {suite}-security main",
    ];

    private static IEnumerable<(string Uri, string Suite)> Entries(string text) =>
        OneLine().Matches(text).Select(m => (m.Groups["uri"].Value, m.Groups["suite"].Value))
            .Concat(text.Split("\n\n").SelectMany(Deb822));

    private static IEnumerable<(string Uri, string Suite)> Deb822(string stanza)
    {
        var fields = Field().Matches(stanza).ToLookup(m => m.Groups["name"].Value, m => m.Groups["value"].Value);
        if (fields["Enabled"].Contains("no") || !Words("Types").Contains("deb")) return [];
        return from uri in Words("URIs") from suite in Words("Suites") select (uri, suite);

        IEnumerable<string> Words(string name) =>
            fields[name].SelectMany(value => value.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    [GeneratedRegex(@"^deb\s+(\[[^\]]*\]\s+)?(?<uri>\S+)\s+(?<suite>\S+)\s", RegexOptions.Multiline)]
    private static partial Regex OneLine();

    [GeneratedRegex(@"^(?<name>[A-Za-z]+):[ \t]*(?<value>.*?)[ \t\r]*$", RegexOptions.Multiline)]
    private static partial Regex Field();
}
