using Slipway.Cli.CommandLine;

namespace Slipway.Cli.Sources;

/// <param name="Path">Relative to the folder, with '/'.</param>
/// <param name="LinkTarget">For a link: where it points, always relative.</param>
internal sealed record FolderEntry(string Path, FileFacts Facts, string? LinkTarget);

/// <summary>What of a folder is uploaded: every entry in a fixed order, and what was left out with a reason.</summary>
internal sealed record FolderScan(string Root, IReadOnlyList<FolderEntry> Entries, IReadOnlyList<string> Warnings)
{
    public long Bytes => Entries.Sum(e => e.Facts.Kind == FileKind.File ? e.Facts.Size : 0);

    public int Files => Entries.Count(e => e.Facts.Kind != FileKind.Folder);

    /// <exception cref="CliError">The folder is missing or empty, or links lead out of it.</exception>
    /// <param name="tracked">Files in it that git tracks against its own rules.</param>
    public static FolderScan Of(string folder, IReadOnlyCollection<string>? tracked = null)
    {
        if (!Directory.Exists(folder))
        {
            throw File.Exists(folder)
                ? CliError.Usage("source.not_a_folder", $"{folder} is a file, not a folder", "dir", "give the folder that holds the app")
                : CliError.Usage("source.not_found", $"there is no folder {folder}", "dir", "give an existing folder, or a git URL such as https://github.com/owner/name");
        }

        var walk = new Walk(LinkTargets.Real(folder), tracked ?? []);
        try
        {
            walk.Read();
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw CliError.Usage("source.unreadable", $"{folder} cannot be read whole: {e.Message}", "dir", "make it readable for you, or leave it out with a line in .slipwayignore");
        }

        if (walk.Outside.Count > 0)
        {
            throw CliError.Usage(
                "source.link_outside", $"{(walk.Outside.Count == 1 ? "a link leads" : "links lead")} out of {folder}: {string.Join(", ", walk.Outside)}", "dir",
                "replace each by what it points to, or leave it out with a line in .slipwayignore");
        }

        var scan = new FolderScan(walk.Root, walk.Entries, walk.Warnings);
        return scan.Files > 0 ? scan : throw CliError.Usage(
            "source.empty", $"{folder} holds no file to deploy", "dir", "are all its files named in .gitignore or .slipwayignore?");
    }

    private sealed class Walk
    {
        private readonly IgnoreRules _rules;

        public Walk(string root, IReadOnlyCollection<string> tracked)
        {
            Root = root;
            _rules = RepositoryRules.Above(root);
            _rules.Track(tracked);
        }

        public string Root { get; }

        public List<FolderEntry> Entries { get; } = [];

        public List<string> Warnings { get; } = [];

        public List<string> Outside { get; } = [];

        public void Read() => Read("");

        private void Read(string folder)
        {
            var full = Path.Combine(Root, folder);
            foreach (var file in new[] { IgnoreRules.GitFile, IgnoreRules.OwnFile })
            {
                var path = Path.Combine(full, file);
                if (File.Exists(path) && FileFacts.Of(path).Kind == FileKind.File) _rules.Add(folder, file, File.ReadAllText(path));
            }

            // By ordinal, so that the same files always make the same archive.
            var names = Directory.EnumerateFileSystemEntries(full).Select(Path.GetFileName).OfType<string>().ToList();
            names.Sort(StringComparer.Ordinal);
            foreach (var name in names) Add(folder.Length == 0 ? name : $"{folder}/{name}");
        }

        private void Add(string path)
        {
            var full = Path.Combine(Root, path);
            var facts = FileFacts.Of(full);
            if (_rules.IsIgnored(path, facts.Kind == FileKind.Folder)) return;
            switch (facts.Kind)
            {
                case FileKind.Folder:
                    Entries.Add(new FolderEntry(path, facts, null));
                    Read(path);
                    break;
                case FileKind.File:
                    Entries.Add(new FolderEntry(path, facts, null));
                    break;
                case FileKind.Link when LinkTargets.Inside(Root, path, new FileInfo(full).LinkTarget ?? "") is { } target:
                    Entries.Add(new FolderEntry(path, facts, target));
                    break;
                case FileKind.Link:
                    Outside.Add($"{path} → {new FileInfo(full).LinkTarget}");
                    break;
                default:
                    Warnings.Add($"{path} is a pipe, socket or device: left out");
                    break;
            }
        }
    }
}
