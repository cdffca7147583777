using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Machine;
using Slipway.Cli.Sources;

namespace Slipway.Cli.Tests;

public sealed class FolderArchiveTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_same_files_give_the_same_bytes()
    {
        using var folder = new TempFolder();
        folder.Write("b/two", "2");
        folder.Write("a", "1");
        folder.Link("l", "a");
        var first = SHA256.HashData(await PackAsync(folder));
        // What reading does to access times must not show.
        _ = await File.ReadAllTextAsync(Path.Combine(folder.Path, "a"), Ct);
        Assert.Equal(first, SHA256.HashData(await PackAsync(folder)));
    }

    [Fact]
    public async Task Modes_times_links_and_names_arrive()
    {
        using var folder = new TempFolder();
        var script = folder.Write("run me.sh", "#!/bin/sh\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var time = new DateTime(638_000_000_012_345_678, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(script, time);
        folder.Write("ünï/" + new string('x', 180));
        folder.Link("here", "run me.sh");
        Directory.CreateDirectory(Path.Combine(folder.Path, "empty"));

        var entries = await ReadAsync(await PackAsync(folder));

        Assert.Equal(["empty/", "here", "run me.sh", "ünï/", "ünï/" + new string('x', 180)], entries.Keys);
        Assert.Equal((UnixFileMode)0x1C0, entries["run me.sh"].Mode);
        Assert.Equal(time, entries["run me.sh"].ModificationTime.UtcDateTime);
        Assert.Equal((TarEntryType.SymbolicLink, "run me.sh"), (entries["here"].EntryType, entries["here"].LinkName));
    }

    [Fact]
    public async Task What_is_ignored_stays_and_so_do_history_and_modules()
    {
        using var folder = new TempFolder();
        folder.Write("index.html");
        folder.Write(".gitignore", "*.log\n/out/\n");
        folder.Write("x.log");
        folder.Write("out/page.html");
        folder.Write(".git/config");
        folder.Write("node_modules/left-pad/index.js");
        folder.Write("web/node_modules/a/index.js");
        folder.Write("web/.gitignore", "!keep.log");
        folder.Write("web/keep.log");
        var entries = await ReadAsync(await PackAsync(folder));
        Assert.Equal([".gitignore", "index.html", "web/", "web/.gitignore", "web/keep.log"], entries.Keys);
    }

    [Fact]
    public async Task What_git_tracks_against_its_own_rules_goes_too()
    {
        Assert.SkipUnless(ChildProcess.Exists("git"), "git is not installed");
        using var folder = new TempFolder();
        folder.Write(".gitignore", "dist/\n*.log\n");
        folder.Write("dist/app.js");
        folder.Write("dist/other.js");
        folder.Write("a.log");
        await ChildProcess.RunAsync("git", ["-C", folder.Path, "init", "-q"], TimeSpan.FromSeconds(10), Ct);
        await ChildProcess.RunAsync("git", ["-C", folder.Path, "add", "-f", "dist/app.js"], TimeSpan.FromSeconds(10), Ct);
        var scan = FolderScan.Of(folder.Path, await GitHead.TrackedButIgnoredAsync(folder.Path, Ct));
        Assert.Equal([".gitignore", "dist", "dist/app.js"], scan.Entries.Select(e => e.Path));
    }

    [Fact]
    public async Task A_file_that_is_gone_or_closed_when_its_turn_comes_is_named()
    {
        using var folder = new TempFolder();
        var file = folder.Write("gone");
        var scan = FolderScan.Of(folder.Path);
        File.Delete(file);
        await using var archive = FolderArchive.Open(scan, Ct);
        var error = await Assert.ThrowsAnyAsync<Exception>(() => archive.CopyToAsync(Stream.Null, Ct));
        Assert.Equal("source.unreadable", Assert.IsType<CliError>(error).Code);
    }

    [Fact]
    public async Task Pipes_are_left_out_with_a_warning()
    {
        using var folder = new TempFolder();
        folder.Write("index.html");
        await ChildProcess.RunAsync("mkfifo", [Path.Combine(folder.Path, "pipe")], TimeSpan.FromSeconds(5), Ct);
        var scan = FolderScan.Of(folder.Path);
        Assert.Equal(["index.html"], scan.Entries.Select(e => e.Path));
        Assert.Contains("pipe", Assert.Single(scan.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../other")]
    [InlineData("sub/../../x")]
    [InlineData("back/../..")]
    [InlineData("loop")]
    public void Links_that_lead_out_are_refused_by_name(string target)
    {
        using var folder = new TempFolder();
        folder.Write("index.html");
        folder.Write("sub/deep/file");
        folder.Link("back", "sub/deep");
        folder.Link("loop", "loop");
        File.Delete(Path.Combine(folder.Path, "loop"));
        folder.Link("leak", target == "loop" ? "leak" : target == "back/../.." ? "back/../../.." : target);
        var error = Assert.Throws<CliError>(() => FolderScan.Of(folder.Path));
        Assert.Equal(("source.link_outside", ExitCode.Usage), (error.Code, error.ExitCode));
        Assert.Contains("leak →", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("index.html", "index.html")]
    [InlineData("./sub/../index.html", "./sub/../index.html")]
    [InlineData("not-there", "not-there")]
    [InlineData("back/file", "back/file")]
    public void Links_inside_stay_as_they_are(string target, string expected)
    {
        using var folder = new TempFolder();
        folder.Write("index.html");
        folder.Write("sub/deep/file");
        folder.Link("back", "sub/deep");
        folder.Link("link", target);
        Assert.Equal(expected, FolderScan.Of(folder.Path).Entries.Single(e => e.Path == "link").LinkTarget);
    }

    [Fact]
    public void An_absolute_link_inside_becomes_relative()
    {
        using var folder = new TempFolder();
        folder.Write("a/index.html");
        Directory.CreateDirectory(Path.Combine(folder.Path, "b"));
        folder.Link("b/link", Path.Combine(folder.Path, "a/index.html"));
        Assert.Equal("../a/index.html", FolderScan.Of(folder.Path).Entries.Single(e => e.Path == "b/link").LinkTarget);
    }

    [Fact]
    public void A_folder_that_is_missing_empty_or_a_file_is_named()
    {
        using var folder = new TempFolder();
        Assert.Equal("source.empty", Assert.Throws<CliError>(() => FolderScan.Of(folder.Path)).Code);
        Assert.Contains("/nowhere", Assert.Throws<CliError>(() => FolderScan.Of("/nowhere")).Message, StringComparison.Ordinal);
        Assert.Equal("source.not_a_folder", Assert.Throws<CliError>(() => FolderScan.Of(folder.Write("f"))).Code);
    }

    private static async Task<byte[]> PackAsync(TempFolder folder)
    {
        await using var archive = FolderArchive.Open(FolderScan.Of(folder.Path), Ct);
        using var bytes = new MemoryStream();
        await archive.CopyToAsync(bytes, Ct);
        return bytes.ToArray();
    }

    private static async Task<Dictionary<string, TarEntry>> ReadAsync(byte[] archive)
    {
        await using var zip = new GZipStream(new MemoryStream(archive), CompressionMode.Decompress);
        await using var tar = new TarReader(zip);
        var entries = new Dictionary<string, TarEntry>();
        while (await tar.GetNextEntryAsync(copyData: true, Ct) is { } entry) entries.Add(entry.Name, entry);
        return entries;
    }
}
