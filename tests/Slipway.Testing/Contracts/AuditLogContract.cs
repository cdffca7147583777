using Slipway.Core.Auditing;
using Slipway.Core.Tenancy;

namespace Slipway.Testing.Contracts;

/// <summary>To be started with a log that keeps <see cref="Kept"/> entries of each team.</summary>
public abstract class AuditLogContract : StoreContract
{
    public const int Kept = 20;

    [Fact]
    public async Task Entries_are_read_newest_first_by_project_and_page_by_page()
    {
        using var scope = TeamScope.Enter(OurTeam);
        var written = new List<AuditEntry>();
        for (var i = 0; i < 6; i++)
        {
            written.Insert(0, await Store.Audit.AppendAsync(Entry(i % 2 == 0 ? "shop" : "blog", $"number {i}"), Ct));
            Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(6, written.Select(e => e.Id).Distinct().Count());
        Assert.Equal(written.OrderByDescending(e => e.Id), written);
        Assert.Equal(written, await Store.Audit.ReadAsync(new AuditQuery(), Ct));
        Assert.Equal(written.Where(e => e.Project == "shop"), await Store.Audit.ReadAsync(new AuditQuery { Project = "shop" }, Ct));
        Assert.Equal(written.Take(2), await Store.Audit.ReadAsync(new AuditQuery { Limit = 2 }, Ct));
        Assert.Equal(written.Skip(2).Take(2), await Store.Audit.ReadAsync(new AuditQuery { Limit = 2, Before = written[1].Id }, Ct));
        Assert.Equal(["number 0"], (await Store.Audit.ReadAsync(new AuditQuery { Project = "shop", Before = written[3].Id }, Ct)).Select(e => e.Detail));
        Assert.Empty(await Store.Audit.ReadAsync(new AuditQuery { Before = written[5].Id }, Ct));
        Assert.Empty(await Store.Audit.ReadAsync(new AuditQuery { Project = "nobody" }, Ct));
    }

    [Fact]
    public async Task An_entry_is_kept_as_it_was_written()
    {
        using var scope = TeamScope.Enter(OurTeam);
        var asked = new AuditEntry(4711, OurTeam, Time.GetUtcNow(), "token from 127.0.0.1", AuditAction.Exec, null, "echo 'größe 🚀'");
        var kept = await Store.Audit.AppendAsync(asked, Ct);
        Assert.Equal(asked with { Id = kept.Id }, kept);
        Assert.Equal([kept], await Store.Audit.ReadAsync(new AuditQuery(), Ct));
    }

    [Fact]
    public async Task A_long_detail_is_cut_and_what_no_database_takes_is_replaced()
    {
        using var scope = TeamScope.Enter(OurTeam);
        var fits = await Store.Audit.AppendAsync(Entry("shop", new string('x', AuditEntry.MaxDetail)), Ct);
        Assert.Equal(new string('x', AuditEntry.MaxDetail), fits.Detail);
        // Where it would be cut is the middle of a pair.
        var cut = await Store.Audit.AppendAsync(Entry("shop", $"{new string('x', AuditEntry.MaxDetail - 2)}🚀 and more"), Ct);
        Assert.Equal($"{new string('x', AuditEntry.MaxDetail - 2)}…", cut.Detail);
        var odd = await Store.Audit.AppendAsync(Entry("shop", "a\0b\ud83d"), Ct);
        Assert.Equal("a\ufffdb\ufffd", odd.Detail);
        Assert.Equal([odd, cut, fits], await Store.Audit.ReadAsync(new AuditQuery(), Ct));
    }

    [Fact]
    public async Task Entries_outlive_their_project()
    {
        var project = await AddProjectAsync();
        using var scope = TeamScope.Enter(OurTeam);
        var entry = await Store.Audit.AppendAsync(Entry(project.Name, "going"), Ct);
        Assert.True(await Store.Projects.RemoveAsync(project.Id, Ct));
        Assert.Equal([entry], await Store.Audit.ReadAsync(new AuditQuery { Project = project.Name }, Ct));
    }

    [Fact]
    public async Task A_team_sees_its_own_and_writes_for_no_other()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => Store.Audit.AppendAsync(Entry("shop", "no scope"), Ct));
        AuditEntry theirs;
        using (TeamScope.Enter(OtherTeam)) theirs = await Store.Audit.AppendAsync(Entry("shop", "theirs") with { Team = OtherTeam }, Ct);
        Assert.Empty(await Store.Audit.ReadAsync(new AuditQuery(), Ct));
        AuditEntry ours;
        using (TeamScope.Enter(OurTeam))
        {
            Assert.Empty(await Store.Audit.ReadAsync(new AuditQuery(), Ct));
            await Assert.ThrowsAsync<InvalidOperationException>(() => Store.Audit.AppendAsync(Entry("shop", "for them") with { Team = OtherTeam }, Ct));
            ours = await Store.Audit.AppendAsync(Entry("shop", "ours"), Ct);
            Assert.Equal([ours], await Store.Audit.ReadAsync(new AuditQuery { Project = "shop" }, Ct));
        }

        using var system = TeamScope.EnterSystem();
        Assert.Equal([ours, theirs], await Store.Audit.ReadAsync(new AuditQuery(), Ct));
    }

    [Fact]
    public async Task Of_each_team_the_newest_are_kept()
    {
        AuditEntry theirs;
        using (TeamScope.Enter(OtherTeam)) theirs = await Store.Audit.AppendAsync(Entry("shop", "theirs, and the oldest") with { Team = OtherTeam }, Ct);
        using (TeamScope.Enter(OurTeam))
        {
            for (var i = 0; i < Kept + 3; i++) await Store.Audit.AppendAsync(Entry("shop", $"{i}"), Ct);
            Assert.Equal(Enumerable.Range(3, Kept).Reverse().Select(i => $"{i}"), (await Store.Audit.ReadAsync(new AuditQuery { Limit = 500 }, Ct)).Select(e => e.Detail));
        }

        using var scope = TeamScope.Enter(OtherTeam);
        Assert.Equal([theirs], await Store.Audit.ReadAsync(new AuditQuery(), Ct));
    }

    [Fact]
    public async Task Who_writes_at_once_gets_numbers_of_their_own()
    {
        using var scope = TeamScope.Enter(OurTeam);
        var written = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => Store.Audit.AppendAsync(Entry("shop", $"{i}"), Ct)))).Soon();
        Assert.Equal(written.OrderByDescending(e => e.Id), await Store.Audit.ReadAsync(new AuditQuery(), Ct));
        Assert.Equal(8, written.Select(e => e.Id).Distinct().Count());
    }

    private AuditEntry Entry(string project, string detail) => new(0, OurTeam, Time.GetUtcNow(), "token from 127.0.0.1", AuditAction.WayOpen, project, detail);
}
