using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Slipway.Core.Pipeline.Sourcing;

namespace Contract.Tests.Sourcing;

/// <summary>Servers that mean harm, are old, want a token, or are not there.</summary>
public sealed class GitServerAbuseSourceTests
{
    private static readonly Dictionary<string, string> Files = new() { ["index.html"] = "hello" };

    [Fact]
    public async Task A_server_that_gives_only_branches_is_asked_for_more_of_the_branch()
    {
        await using var git = await GitFixture.StartAsync();
        var old = await git.CommitAsync("app", Files, "Old");
        await git.CommitAsync("app", new Dictionary<string, string> { ["later"] = "" }, "New");
        git.Server.GivesOnlyAdvertised = true;
        using (var snapshot = (await git.FetchAsync("app", old)).Value)
        {
            Assert.Equal(old, snapshot.Source.Commit);
            Assert.False(snapshot.Tree.FileExists("later"));
        }

        Assert.Equal("fetch.ref_not_found", git.Refused(await git.FetchAsync("app", new string('1', 40))).Code);
    }

    [Fact]
    public async Task A_server_that_sends_one_byte_a_minute_ends_at_the_time_limit()
    {
        await using var git = await GitFixture.StartAsync(o => o.FetchTimeout = TimeSpan.FromSeconds(2));
        git.Server.Instead = async context =>
        {
            context.Response.ContentType = "application/x-git-upload-pack-advertisement";
            await context.Response.WriteAsync("0");
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        };
        var taken = Stopwatch.StartNew();
        Assert.Equal("fetch.timeout", git.Refused(await git.FetchAsync("app", "main")).Code);
        Assert.True(taken.Elapsed < TimeSpan.FromSeconds(20), $"took {taken.Elapsed}");
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var git = await GitFixture.StartAsync();
        await using var inside = await GitFixture.StartAsync();
        await inside.CommitAsync("app", Files, "Secret");
        git.Server.Instead = context =>
        {
            context.Response.Redirect($"http://{inside.Server.Host}{context.Request.Path}{context.Request.QueryString}");
            return Task.CompletedTask;
        };
        Assert.Equal("fetch.unreachable", git.Refused(await git.FetchAsync("app", "main")).Code);
        Assert.Empty(inside.Server.Authorizations);
    }

    [Fact]
    public async Task A_private_host_that_is_not_listed_is_refused_though_its_neighbour_is()
    {
        await using var git = await GitFixture.StartAsync();
        await using var other = await GitFixture.StartAsync();
        var failure = git.Refused(await git.FetchAsync(new SourceRef { Kind = SourceKind.Git, Url = other.Url("app") }));
        Assert.Equal("fetch.url_private", failure.Code);
        Assert.Contains("AllowPrivate", failure.Hint, StringComparison.Ordinal);
        Assert.Empty(other.Server.Authorizations);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.0/8")]
    public async Task A_private_host_may_be_listed_as_address_or_network(string allowed)
    {
        await using var git = await GitFixture.StartAsync(o =>
        {
            o.AllowPrivate.Clear();
            o.AllowPrivate.Add(allowed);
        });
        await git.CommitAsync("app", Files, "First");
        using var snapshot = (await git.FetchAsync("app")).Value;
        Assert.True(snapshot.Tree.FileExists("index.html"));
    }

    [Theory]
    [InlineData("https://localhost/a")]
    [InlineData("https://LOCALHOST/a")]
    [InlineData("git@localhost:a")]
    public async Task A_name_that_leads_inside_is_refused_as_the_address_it_is(string url)
    {
        await using var git = await GitFixture.StartAsync();
        Assert.Equal("fetch.url_private", git.Refused(await git.FetchAsync(new SourceRef { Kind = SourceKind.Git, Url = url })).Code);
    }

    [Fact]
    public async Task Plain_http_to_a_public_host_is_refused()
    {
        await using var git = await GitFixture.StartAsync();
        Assert.Equal("fetch.url_invalid", git.Refused(await git.FetchAsync(new SourceRef { Kind = SourceKind.Git, Url = "http://1.1.1.1/a" })).Code);
    }

    [Fact]
    public async Task A_token_opens_a_private_repository_and_shows_nowhere()
    {
        const string Token = "ghs_verysecret";
        await using var git = await GitFixture.StartAsync(token: Token);
        await git.CommitAsync("app", Files, "Private");
        git.Server.Token = Token;
        using (var snapshot = (await git.FetchAsync("app")).Value)
        {
            Assert.All(git.Server.Authorizations, a => Assert.StartsWith("Basic ", a, StringComparison.Ordinal));
            Assert.DoesNotContain(Token, snapshot.Source.ToString(), StringComparison.Ordinal);
        }

        var missing = git.Refused(await git.FetchAsync("app", "nope"));
        Assert.DoesNotContain(Token, git.Output.Text + missing, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_token_is_told_at_once_and_asks_nobody()
    {
        await using var git = await GitFixture.StartAsync(token: "wrong");
        await git.CommitAsync("app", Files, "Private");
        git.Server.Token = "right";
        Assert.Equal("fetch.auth", git.Refused(await git.FetchAsync("app")).Code);
    }

    [Fact]
    public async Task A_host_where_nothing_listens_is_unreachable()
    {
        await using var git = await GitFixture.StartAsync(o => o.AllowPrivate.Add("127.0.0.1"));
        Assert.Equal("fetch.unreachable", git.Refused(await git.FetchAsync(new SourceRef { Kind = SourceKind.Git, Url = "http://127.0.0.1:1/a" })).Code);
    }
}
