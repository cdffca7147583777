using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.Core.Tenancy;
using Slipway.Store.Database;

namespace Contract.Tests.Store;

public sealed class TeamFilterTests
{
    [Fact]
    public async Task Every_table_carries_its_team_and_is_filtered_by_it()
    {
        await using var temporary = await TemporaryStore.StartAsync();
        await using var db = temporary.Services.GetRequiredService<IDbContextFactory<SlipwayDb>>().CreateDbContext();
        var entities = db.Model.GetEntityTypes().ToList();
        Assert.Equal(14, entities.Count);
        Assert.All(entities, entity =>
        {
            Assert.True(typeof(ITeamRow).IsAssignableFrom(entity.ClrType), $"{entity.ClrType.Name} is no ITeamRow");
            var team = entity.GetProperty(nameof(ITeamRow.TeamId));
            Assert.Equal(("team_id", false), (team.GetColumnName(), team.IsNullable));
            var filter = Assert.Single(entity.GetDeclaredQueryFilters());
            Assert.Equal(TeamRows.Filter, filter.Key);
            Assert.Contains(nameof(ITeamRow.TeamId), filter.Expression?.ToString(), StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task The_filter_asks_for_the_scope_at_each_query_of_a_pooled_context()
    {
        await using var temporary = await TemporaryStore.StartAsync();
        await using var db = temporary.Services.GetRequiredService<IDbContextFactory<SlipwayDb>>().CreateDbContext();
        await db.Database.ExecuteSqlAsync($"INSERT INTO api_tokens (hash, team_id, name, created_at) VALUES ('a', {Team(1).ToString()}, 'n', 0), ('b', {Team(2).ToString()}, 'n', 0)");

        async Task<string> VisibleAsync() => string.Join(',', await db.ApiTokens.OrderBy(t => t.Hash).Select(t => t.Hash).ToListAsync());
        Assert.Equal("", await VisibleAsync());
        using (TeamScope.Enter(Team(1))) Assert.Equal("a", await VisibleAsync());
        using (TeamScope.Enter(Team(2))) Assert.Equal("b", await VisibleAsync());
        using (TeamScope.EnterSystem()) Assert.Equal("a,b", await VisibleAsync());
        using (TeamScope.Enter(default)) Assert.Equal("", await VisibleAsync());
        Assert.Equal("", await VisibleAsync());
    }

    private static TeamId Team(byte last) => new(Guid.Parse($"00000000-0000-7000-8000-0000000000{last:00}"));
}
