using Microsoft.EntityFrameworkCore;
using Slipway.Core;
using Slipway.Core.Tenancy;

namespace Slipway.Store.Database;

/// <summary>A row that belongs to a team: every row does.</summary>
internal interface ITeamRow
{
    TeamId TeamId { get; }
}

internal static class TeamRows
{
    /// <summary>The name of the one query filter.</summary>
    public const string Filter = "team";

    /// <summary>Looks past the filter. Each use must say why it may.</summary>
    public static IQueryable<T> OfEveryTeam<T>(this IQueryable<T> rows) where T : class, ITeamRow => rows.IgnoreQueryFilters([Filter]);

    /// <summary>A row is only made by who may see it: forgetting the scope is our fault and must be loud.</summary>
    public static void DemandScope(TeamId team)
    {
        if (TeamScope.Current?.Sees(team) != true) throw new InvalidOperationException($"{team}'s row is made outside its TeamScope");
    }
}
