using System.Net;
using Slipway.Core.Pipeline.Routing;
using Slipway.Edge.Admin;

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
            if (FaultOf(route, seen, name => table.Rules?.ContainsKey(name) == true) is { } fault) return fault;
        }

        return null;
    }

    /// <summary>The same of a change to the table in force, whose own routes were sound when they came.</summary>
    public static string? FindFault(TableChange change, RouteTable inForce)
    {
        if (change.Set is null || change.Gone is null || change.Rules is null || change.RulesGone is null) return "a change without routes, hosts or rules";
        if (change.Number <= change.Base) return $"table {change.Number} is no younger than {change.Base}";
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        bool IsThere(string name) => change.Rules.ContainsKey(name) || (inForce.Rules?.ContainsKey(name) == true && !change.RulesGone.Contains(name));
        return change.Set.Select(route => FaultOf(route, seen, IsThere)).FirstOrDefault(fault => fault is not null) ?? Orphan(change, inForce);
    }

    /// <summary>Equal by content, in whatever order.</summary>
    public static bool AreSame(RouteTable a, RouteTable b)
    {
        if (a.Number != b.Number || a.Routes.Count != b.Routes.Count) return false;
        var others = b.Routes.ToDictionary(r => r.Host, StringComparer.Ordinal);
        return a.Routes.All(route => others.TryGetValue(route.Host, out var other) && route.IsSameAs(other));
    }

    /// <summary>A route that stays while its rules go.</summary>
    private static string? Orphan(TableChange change, RouteTable inForce)
    {
        if (change.RulesGone.Count == 0) return null;
        var moved = change.Set.Select(route => route.Host).Concat(change.Gone).ToHashSet(StringComparer.Ordinal);
        var left = inForce.Routes.FirstOrDefault(route => route.Rules is { } name && change.RulesGone.Contains(name) && !moved.Contains(route.Host));
        return left is null ? null : $"{left.Host} has rules '{left.Rules}', which are to go";
    }

    private static string? FaultOf(Route? route, HashSet<string> seen, Func<string, bool> hasRules)
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

        if (route.Rules is { } rules && !hasRules(rules))
        {
            return $"{route.Host} has rules '{rules}', which are not there";
        }

        if (route.Destinations.FirstOrDefault(d => !IsAddress(d)) is { } bad)
        {
            return $"'{bad}' of {route.Host} is no ip:port";
        }

        return null;
    }

    private static bool IsAddress(string? text) =>
        text is not null && IPEndPoint.TryParse(text, out var end) && end.Port != 0 && end.ToString() == text;
}
