using Slipway.Core;
using Slipway.Core.Tenancy;

namespace Slipway.Testing.InMemory;

/// <summary>What the real store's query filter does.</summary>
internal static class Scopes
{
    public static bool See(TeamId team) => TeamScope.Current?.Sees(team) == true;

    public static void Demand(TeamId team)
    {
        if (!See(team)) throw new InvalidOperationException($"{team}'s row is made outside its TeamScope");
    }
}
