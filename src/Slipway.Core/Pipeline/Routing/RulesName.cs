using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Core.Deployments;
using Slipway.Core.Pipeline.Planning.Rules;

namespace Slipway.Core.Pipeline.Routing;

/// <summary>Rules by what is in them: deployments that say the same share one copy in the table and one in the edge's memory.</summary>
internal static class RulesName
{
    private static readonly ConditionalWeakTable<EdgeRules, string> Known = [];

    /// <summary>Null: it has none.</summary>
    public static string? Of(Deployment deployment) => deployment.Plan?.Rules is { } rules ? Known.GetValue(rules, Make) : null;

    /// <summary>Those that routes name; null: none do.</summary>
    public static IReadOnlyDictionary<string, EdgeRules>? Named(IEnumerable<Route> routes, IEnumerable<Deployment> deployments)
    {
        var wanted = routes.Select(r => r.Rules).OfType<string>().ToHashSet(StringComparer.Ordinal);
        if (wanted.Count == 0) return null;
        var named = new Dictionary<string, EdgeRules>(StringComparer.Ordinal);
        foreach (var d in deployments)
        {
            if (d.Plan?.Rules is { } rules && Of(d) is { } name && wanted.Contains(name)) named.TryAdd(name, rules);
        }

        return named;
    }

    private static string Make(EdgeRules rules) => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(rules, RulesJson.Default.EdgeRules)))[..32];
}

[JsonSerializable(typeof(EdgeRules))]
internal sealed partial class RulesJson : JsonSerializerContext;
