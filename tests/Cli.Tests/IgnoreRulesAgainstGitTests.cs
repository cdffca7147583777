using CsCheck;
using Slipway.Cli.Machine;
using Slipway.Cli.Sources;

namespace Slipway.Cli.Tests;

/// <summary>git itself is the judge: random patterns over one tree, the same files left over.</summary>
public sealed class IgnoreRulesAgainstGitTests
{
    private static readonly string[] Files = ["a", "b.txt", "ab", "c/a", "c/b.txt", "c/d/a", "c/d/ab.txt", "d/c/d/a", "x y", "[a]", "d/!z", "c/.hid", "ba/a/a"];

    private static readonly string[] Pieces = ["a", "b", "c", "d", "*", "**", "?", "/", "/", "[ab]", "[!a]", ".txt", "!", "\\", " ", ".", "**/", "/**", "[[:alpha:]]", "#", "y"];

    private static readonly Gen<string> Pattern = Gen.Int[0, Pieces.Length - 1].Array[1, 6]
        // git reads "\/" after "**" its own way, differently from place to place; nobody writes it.
        .Select(picked => string.Concat(picked.Select(i => Pieces[i])).Replace("\\/", "/", StringComparison.Ordinal));

    private static readonly Gen<string> Lines = Pattern.Array[1, 5].Select(lines => string.Join('\n', lines) + "\n");

    [Fact]
    public async Task The_same_files_stay_as_in_git()
    {
        Assert.SkipUnless(ChildProcess.Exists("git"), "git is not installed");
        using var folder = new TempFolder();
        foreach (var file in Files) folder.Write(file);
        await GitAsync(folder, "init", "-q");
        await Gen.Select(Lines, Lines).SampleAsync(
            async (top, nested) =>
            {
                folder.Write(".gitignore", top);
                folder.Write("c/.gitignore", nested);
                var git = (await GitAsync(folder, "-c", "core.quotePath=false", "ls-files", "-z", "--others", "--exclude-standard")).Split('\0', StringSplitOptions.RemoveEmptyEntries);
                string[] ours;
                try
                {
                    ours = [.. FolderScan.Of(folder.Path).Entries.Where(e => e.Facts.Kind == FileKind.File).Select(e => e.Path)];
                }
                catch (CommandLine.CliError e) when (e.Code == "source.empty")
                {
                    ours = [];
                }

                return git.Order(StringComparer.Ordinal).SequenceEqual(ours.Order(StringComparer.Ordinal));
            },
            iter: 400, threads: 1, print: p => $"top: {string.Join(" | ", p.Item1.Split('\n'))}   c: {string.Join(" | ", p.Item2.Split('\n'))}");
    }

    private static async Task<string> GitAsync(TempFolder folder, params string[] arguments) =>
        (await ChildProcess.RunAsync("git", ["-C", folder.Path, .. arguments], TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken, new Dictionary<string, string> { ["GIT_CONFIG_GLOBAL"] = "/dev/null", ["GIT_CONFIG_SYSTEM"] = "/dev/null" })).Output;
}
