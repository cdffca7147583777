using System.Net;
using Slipway.Core.Pipeline.Routing;

namespace Slipway.Edge.Hosts;

/// <summary>What a table must be to be taken.</summary>
internal static class TableCheck
{
    /// <summary>Null when the table is sound, else what is wrong with it.</summary>
    public static string? FindFault(RouteTable table)
    {
        // JSON can leave out what the types promise.
        if (table.Routes is null)
        {
            return "no routes";
        }

        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var route in table.Routes)
        {
            if (route?.Host is null || route.Destinations is null)
            {
                return "a route without host or destinations";
            }

            if (!HostName.TryNormalize(route.Host, out var normal) || normal != route.Host)
            {
                return $"'{route.Host}' is no lower-case host name";
            }

            if (!seen.Add(route.Host))
            {
                return $"'{route.Host}' is there twice";
            }

            if ((route.Kind == RouteKind.Redirect) != (route.RedirectTo is not null) || (route.RedirectTo is { } to && (!HostName.TryNormalize(to, out var target) || target != to)))
            {
                return $"{route.Host} redirects to '{route.RedirectTo}', which is no lower-case host name";
            }

            if (route.Rules is { } rules && table.Rules?.ContainsKey(rules) != true)
            {
                return $"{route.Host} has rules '{rules}', which are not there";
            }

            if (route.Destinations.FirstOrDefault(d => !IsAddress(d)) is { } bad)
            {
                return $"'{bad}' of {route.Host} is no ip:port";
            }
        }

        return null;
    }

    /// <summary>Equal by content; a record's own equality compares lists by reference.</summary>
    public static bool AreSame(RouteTable a, RouteTable b) =>
        a.Number == b.Number && a.Routes.Count == b.Routes.Count && a.Routes.Zip(b.Routes).All(p =>
            p.First with { Destinations = [] } == p.Second with { Destinations = [] } &&
            p.First.Destinations.SequenceEqual(p.Second.Destinations, StringComparer.Ordinal));

    private static bool IsAddress(string? text) =>
        text is not null && IPEndPoint.TryParse(text, out var end) && end.Port != 0 && end.ToString() == text;
}
