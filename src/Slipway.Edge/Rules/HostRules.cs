using Slipway.Core.Pipeline.Planning.Rules;

namespace Slipway.Edge.Rules;

/// <summary>A deployment's rules, shared by its hosts; made ready by the first request, for most hosts of a table are never asked.</summary>
internal sealed class HostRules(EdgeRules rules)
{
    private readonly Lazy<RuleSet> _ready = new(() => new RuleSet(rules));

    /// <exception cref="FormatException">The table was made by a version that knows more than this one.</exception>
    public RuleSet Ready => _ready.Value;
}
