using System.Diagnostics;
using System.Security.Cryptography;

namespace Contract.Tests.Sourcing;

/// <summary>Repositories that mean harm, or are only odd.</summary>
public sealed class GitAbuseSourceTests
{
    private static readonly Dictionary<string, string> Files = new() { ["index.html"] = "hello" };

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("sub/../../x")]
    public async Task A_symlink_that_leads_outside_is_refused_by_name(string target)
    {
        await using var git = await GitFixture.StartAsync();
        var repository = await git.Server.RepositoryAsync("app");
        await repository.EnsureTreeAsync();
        File.CreateSymbolicLink(Path.Combine(repository.Tree, "config.json"), target);
        await repository.CommitAsync(Files, "Link");
        var failure = git.Refused(await git.FetchAsync("app"));
        Assert.Equal("fetch.symlink_escape", failure.Code);
        Assert.Contains("config.json", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chain_of_links_that_each_look_harmless_is_refused()
    {
        await using var git = await GitFixture.StartAsync();
        var repository = await git.Server.RepositoryAsync("app");
        await repository.EnsureTreeAsync();
        Directory.CreateDirectory(Path.Combine(repository.Tree, "a/b"));
        File.CreateSymbolicLink(Path.Combine(repository.Tree, "a/b/up"), "../..");
        // By its text this stays inside: a/b/up/.. is a/b. The kernel goes above the root.
        File.CreateSymbolicLink(Path.Combine(repository.Tree, "package.json"), "a/b/up/../etc/passwd");
        await repository.CommitAsync(Files, "Chain");
        var failure = git.Refused(await git.FetchAsync("app"));
        Assert.Equal("fetch.symlink_escape", failure.Code);
        Assert.Contains("package.json", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_symlink_inside_and_an_executable_stay_what_they_are()
    {
        await using var git = await GitFixture.StartAsync();
        var repository = await git.Server.RepositoryAsync("app");
        await repository.EnsureTreeAsync();
        File.CreateSymbolicLink(Path.Combine(repository.Tree, "start"), "run.sh");
        await File.WriteAllTextAsync(Path.Combine(repository.Tree, "run.sh"), "#!/bin/sh\n");
        File.SetUnixFileMode(Path.Combine(repository.Tree, "run.sh"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await repository.CommitAsync(Files, "Script");
        using var snapshot = (await git.FetchAsync("app")).Value;
        Assert.Equal("run.sh", new FileInfo(Path.Combine(snapshot.Directory, "start")).LinkTarget);
        Assert.True((File.GetUnixFileMode(Path.Combine(snapshot.Directory, "run.sh")) & UnixFileMode.UserExecute) != 0);
    }

    [Fact]
    public async Task Filters_lfs_pointers_and_hooks_of_a_repository_run_nothing()
    {
        await using var git = await GitFixture.StartAsync();
        var mark = Path.Combine(git.Uploads, "ran");
        await git.CommitAsync("app", new Dictionary<string, string>
        {
            [".gitattributes"] = "* filter=evil\n*.bin filter=lfs\n",
            [".gitconfig"] = $"[filter \"evil\"]\n smudge = touch {mark}\n",
            ["a.bin"] = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n",
            ["hooks/post-checkout"] = $"#!/bin/sh\ntouch {mark}\n",
        }, "Filters");
        using var snapshot = (await git.FetchAsync("app")).Value;
        Assert.False(File.Exists(mark));
        Assert.StartsWith("version https://git-lfs", snapshot.Tree.ReadText("a.bin"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submodules_are_not_fetched_and_the_log_says_so()
    {
        await using var git = await GitFixture.StartAsync();
        await git.CommitAsync("app", new Dictionary<string, string> { [".gitmodules"] = "[submodule \"x\"]\n\tpath = x\n\turl = https://example.com/x\n", ["x/keep"] = "" }, "Submodule");
        using var snapshot = (await git.FetchAsync("app")).Value;
        Assert.Contains("submodules", git.Output.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_repository_says_so()
    {
        await using var git = await GitFixture.StartAsync();
        await git.Server.RepositoryAsync("app");
        var failure = git.Refused(await git.FetchAsync("app"));
        Assert.Equal("fetch.ref_not_found", failure.Code);
        Assert.Contains("empty", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_files_than_allowed_are_refused()
    {
        await using var git = await GitFixture.StartAsync(o => o.MaxFiles = 10);
        await git.CommitAsync("app", Enumerable.Range(0, 11).ToDictionary(i => $"f{i}", _ => "x"), "Many");
        Assert.Equal("fetch.too_large", git.Refused(await git.FetchAsync("app")).Code);
    }

    [Fact]
    public async Task A_pack_of_kilobytes_that_names_one_folder_ten_billion_times_is_refused_before_it_is_written()
    {
        await using var git = await GitFixture.StartAsync();
        await (await git.Server.RepositoryAsync("bomb")).CommitTreeBombAsync(depth: 10, width: 10);
        var taken = Stopwatch.StartNew();
        Assert.Equal("fetch.too_large", git.Refused(await git.FetchAsync("bomb")).Code);
        Assert.True(taken.Elapsed < TimeSpan.FromSeconds(60), $"took {taken.Elapsed}");
    }

    [Fact]
    public async Task A_pack_that_grows_past_the_limit_is_stopped_while_it_comes()
    {
        await using var git = await GitFixture.StartAsync(o => o.MaxBytes = 1 << 20);
        var noise = Convert.ToBase64String(RandomNumberGenerator.GetBytes(8 << 20));
        await git.CommitAsync("app", new Dictionary<string, string> { ["noise"] = noise }, "Large");
        Assert.Equal("fetch.too_large", git.Refused(await git.FetchAsync("app")).Code);
    }
}
