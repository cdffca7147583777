using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Slipway.Store.Database;

/// <summary>For <c>dotnet ef migrations add</c>; see docs/checklists/new-migration.md.</summary>
internal sealed class DesignTime : IDesignTimeDbContextFactory<SlipwayDb>
{
    public SlipwayDb CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<SlipwayDb>();
        SqliteConnections.Configure(options, "design-time.db");
        return new SlipwayDb(options.Options);
    }
}
