using System.Diagnostics;
using Slipway.Core;
using Slipway.Core.Pipeline.Sourcing;
using Slipway.Testing.Sourcing;

namespace Slipway.Testing.Contracts;

/// <summary>What every <see cref="ISourceFetcher"/> keeps.</summary>
public abstract class SourceFetcherContract : IAsyncLifetime
{
    private static readonly Dictionary<string, string> Files = new() { ["index.html"] = "hello", ["src/app.js"] = "1" };
    private readonly string _work = Directory.CreateTempSubdirectory("slipway-work-").FullName;
    private SourceHarness? _harness;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private SourceHarness Harness => _harness ?? throw new InvalidOperationException();

    private RecordedOutput Output { get; } = new();

    protected abstract Task<SourceHarness> StartAsync();

    public async ValueTask InitializeAsync() => _harness = await StartAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_harness is not null) await _harness.DisposeAsync();
        Directory.Delete(_work, recursive: true);
    }

    [Fact]
    public async Task A_branch_comes_with_its_files_and_is_pinned()
    {
        var first = await Harness.CommitAsync("app", Files, "First");
        var other = await Harness.CommitAsync("app", new Dictionary<string, string> { ["extra.txt"] = "x" }, "Second: äöü", "feature/x");
        using var snapshot = await FetchAsync("app", "feature/x");
        Assert.NotEqual(first, other);
        Assert.Equal((other, "Second: äöü", "feature/x", "Ada Lovelace"), (snapshot.Source.Commit, snapshot.Source.CommitMessage, snapshot.Source.Branch, snapshot.Source.Author));
        Assert.Equal("hello", snapshot.Tree.ReadText("index.html"));
        Assert.Equal(["extra.txt", "index.html", "src/"], snapshot.Tree.List(""));
    }

    [Fact]
    public async Task The_branches_are_told_without_their_files_and_tags_are_none()
    {
        var main = await Harness.CommitAsync("app", Files, "First");
        await Harness.CommitAsync("app", new Dictionary<string, string> { ["extra.txt"] = "x" }, "Second", "feature/x");
        await Harness.TagAsync("app", "v1.0", main);
        Assert.Equal(["feature/x", "main"], (await Harness.Fetcher.BranchesAsync(Harness.Url("app"), Ct)).Value.Order());
        await Harness.RemoveBranchAsync("app", "feature/x");
        Assert.Equal(["main"], (await Harness.Fetcher.BranchesAsync(Harness.Url("app"), Ct)).Value);
        Assert.Equal("fetch.auth", (await Harness.Fetcher.BranchesAsync(Harness.Url("missing"), Ct)).Failure?.Code);
        Assert.Equal("fetch.url_invalid", (await Harness.Fetcher.BranchesAsync("--upload-pack=touch", Ct)).Failure?.Code);
    }

    [Fact]
    public async Task Without_a_ref_the_default_branch_comes_and_is_named()
    {
        await Harness.CommitAsync("app", new Dictionary<string, string> { ["b"] = "" }, "Elsewhere", "aaa");
        var main = await Harness.CommitAsync("app", Files, "Main");
        using var snapshot = await FetchAsync("app", null);
        Assert.Equal((main, "main"), (snapshot.Source.Commit, snapshot.Source.Branch));
    }

    [Fact]
    public async Task A_tag_comes_and_is_no_branch()
    {
        var tagged = await Harness.CommitAsync("app", Files, "Tagged");
        await Harness.TagAsync("app", "v1.0", tagged);
        await Harness.CommitAsync("app", new Dictionary<string, string> { ["later"] = "" }, "Later");
        using var snapshot = await FetchAsync("app", "v1.0");
        Assert.Equal((tagged, null), (snapshot.Source.Commit, snapshot.Source.Branch));
        Assert.False(snapshot.Tree.FileExists("later"));
    }

    [Fact]
    public async Task A_full_commit_comes_though_its_branch_has_moved_on()
    {
        var old = await Harness.CommitAsync("app", Files, "Old");
        await Harness.CommitAsync("app", new Dictionary<string, string> { ["later"] = "" }, "New");
        using var snapshot = await FetchAsync("app", old);
        Assert.Equal((old, "Old"), (snapshot.Source.Commit, snapshot.Source.CommitMessage));
        Assert.False(snapshot.Tree.FileExists("later"));
    }

    [Fact]
    public async Task A_pinned_commit_wins_over_its_moved_branch()
    {
        var pinned = await Harness.CommitAsync("app", Files, "Pinned");
        await Harness.CommitAsync("app", new Dictionary<string, string> { ["later"] = "" }, "New");
        var fetched = await Harness.Fetcher.FetchAsync(Git("app", "main") with { Commit = pinned, Branch = "main" }, _work, Output, Ct);
        using var snapshot = fetched.Value;
        Assert.Equal((pinned, "main"), (snapshot.Source.Commit, snapshot.Source.Branch));
    }

    [Theory]
    [InlineData("no-such-branch")]
    [InlineData("0123456789012345678901234567890123456789")]
    public async Task A_missing_ref_is_named(string reference)
    {
        await Harness.CommitAsync("app", Files, "First");
        var failure = await RefusedAsync(Git("app", reference));
        Assert.Equal("fetch.ref_not_found", failure.Code);
        Assert.Contains(reference, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_repository_says_that_it_may_be_private()
    {
        await Harness.CommitAsync("app", Files, "First");
        var failure = await RefusedAsync(Git("other", "main"));
        Assert.Equal("fetch.auth", failure.Code);
        Assert.NotNull(failure.Hint);
    }

    [Theory]
    [InlineData("--upload-pack=touch /tmp/x")]
    [InlineData("-c core.sshCommand=x")]
    [InlineData("$(id)")]
    [InlineData("a;b")]
    [InlineData("a\nb")]
    [InlineData("a..b")]
    [InlineData("HEAD@{1}")]
    [InlineData("+a:refs/heads/b")]
    public async Task A_ref_that_could_be_more_than_a_name_is_refused(string reference) =>
        Assert.Equal("fetch.ref_invalid", (await RefusedAsync(Git("app", reference))).Code);

    [Theory]
    [InlineData("file:///etc")]
    [InlineData("/etc")]
    [InlineData("../app")]
    [InlineData("ext::sh -c id")]
    [InlineData("ext::id")]
    [InlineData("fd::17")]
    [InlineData("git://example.com/a")]
    [InlineData("--upload-pack=id")]
    [InlineData("https://user:secret@example.com/a")]
    [InlineData("ssh://-oProxyCommand=id/a")]
    [InlineData("-oProxyCommand=id@host:a")]
    public async Task An_address_that_is_no_public_repository_is_refused(string url)
    {
        var failure = await RefusedAsync(new SourceRef { Kind = SourceKind.Git, Url = url });
        Assert.Equal("fetch.url_invalid", failure.Code);
        Assert.DoesNotContain("secret", failure.Message + Output.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    [InlineData("https://10.1.2.3/a")]
    [InlineData("https://0x7f.1/a")]
    [InlineData("https://2130706433/a")]
    [InlineData("https://[::ffff:127.0.0.1]/a")]
    [InlineData("https://[fd00:0:0:0:0:0:0:1]/a")]
    [InlineData("git@192.168.0.1:a/b")]
    [InlineData("ssh://git@100.64.0.1/a")]
    public async Task An_address_inside_is_refused(string url)
    {
        var code = (await RefusedAsync(new SourceRef { Kind = SourceKind.Git, Url = url })).Code;
        Assert.True(code is "fetch.url_private" || (code is "fetch.url_invalid" && url.Contains("::", StringComparison.Ordinal)), code);
    }

    [Fact]
    public async Task An_upload_comes_as_it_was()
    {
        var upload = await Harness.UploadAsync(Files);
        var source = new SourceRef { Kind = SourceKind.Upload, Upload = upload, Folder = "site", Commit = "abc", Branch = "main" };
        using var snapshot = (await Harness.Fetcher.FetchAsync(source, _work, Output, Ct)).Value;
        Assert.Equal(source, snapshot.Source);
        Assert.Equal("1", snapshot.Tree.ReadText("src/app.js"));
    }

    [Fact]
    public async Task A_missing_upload_is_the_users_to_repeat() =>
        Assert.Equal("fetch.upload_missing", (await RefusedAsync(new SourceRef { Kind = SourceKind.Upload, Upload = new UploadId(Guid.Empty) })).Code);

    [Fact]
    public async Task Two_fetches_do_not_share_a_folder_and_disposing_removes_it()
    {
        await Harness.CommitAsync("app", Files, "First");
        var both = await Task.WhenAll(FetchAsync("app", "main"), FetchAsync("app", "main"));
        Assert.NotEqual(both[0].Directory, both[1].Directory);
        both[0].Dispose();
        Assert.False(Directory.Exists(both[0].Directory));
        Assert.True(both[1].Tree.FileExists("index.html"));
        both[1].Dispose();
        both[1].Dispose();
        Assert.Empty(Directory.EnumerateFileSystemEntries(_work));
    }

    [Fact]
    public async Task A_cancelled_fetch_ends_within_two_seconds_and_leaves_nothing()
    {
        await Harness.CommitAsync("app", Files, "First");
        Harness.FallSilent();
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var fetching = Harness.Fetcher.FetchAsync(Git("app", "main"), _work, Output, cancel.Token);
        await Assert.ThrowsAsync<TimeoutException>(() => fetching.WaitAsync(TimeSpan.FromSeconds(1), Ct));
        var asked = Stopwatch.StartNew();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetching).Soon();
        Assert.True(asked.Elapsed < TimeSpan.FromSeconds(2), $"took {asked.Elapsed}");
        Assert.Empty(Directory.EnumerateFileSystemEntries(_work));
    }

    private SourceRef Git(string repository, string? reference) => new() { Kind = SourceKind.Git, Url = Harness.Url(repository), Ref = reference };

    private async Task<SourceSnapshot> FetchAsync(string repository, string? reference)
    {
        var fetched = await Harness.Fetcher.FetchAsync(Git(repository, reference), _work, Output, Ct);
        Assert.False(fetched.IsFailure(out var failure), failure?.Message + Output.Text);
        Assert.StartsWith(_work + Path.DirectorySeparatorChar, fetched.Value.Directory, StringComparison.Ordinal);
        Assert.False(Path.Exists(Path.Combine(fetched.Value.Directory, ".git")));
        return fetched.Value;
    }

    private async Task<Failure> RefusedAsync(SourceRef source)
    {
        var fetched = await Harness.Fetcher.FetchAsync(source, _work, Output, Ct);
        Assert.True(fetched.IsFailure(out var failure), "it was fetched");
        Assert.Empty(Directory.EnumerateFileSystemEntries(_work));
        return failure;
    }
}
