namespace Slipway.Core.Pipeline.Planning.Rules;

/// <summary>When a rule applies: its source and its conditions, made ready.</summary>
internal sealed class ReadyRule
{
    private readonly PathPattern _pattern;
    private readonly string? _literal;
    private readonly RuleRegex _regex;
    private readonly ReadyCondition[] _has;
    private readonly ReadyCondition[] _missing;

    /// <exception cref="FormatException">The source is no pattern; in words for the user.</exception>
    public ReadyRule(string source, IReadOnlyList<RuleCondition>? has, IReadOnlyList<RuleCondition>? missing)
    {
        _pattern = PathPattern.Parse(source);
        _literal = _pattern.Literal;
        _regex = new RuleRegex(source, _pattern.ToRegex(), keepsNames: false);
        _has = [.. (has ?? []).Select(c => new ReadyCondition(c))];
        _missing = [.. (missing ?? []).Select(c => new ReadyCondition(c))];
    }

    /// <summary>Makes its source ready at once.</summary>
    /// <exception cref="FormatException">In words for the user.</exception>
    public void Prove() => _regex.Ready();

    /// <summary>The conditions' names.</summary>
    /// <exception cref="FormatException">In words for the user.</exception>
    public IReadOnlyCollection<string> Caught() => [.. _has.SelectMany(c => c.Names()).Distinct(StringComparer.Ordinal)];

    /// <summary>What stands for each name in a template; a condition's goes before the source's.</summary>
    public IReadOnlyDictionary<string, string> Names()
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        var place = 0;
        foreach (var key in _pattern.Keys)
        {
            place++;
            if (key is not null) names[key] = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"${place}");
        }

        foreach (var caught in Caught()) names[caught] = $"${caught}";
        return names;
    }

    public bool Applies(RuleRequest request, string path, out RuleCatch caught)
    {
        caught = default;
        if (_literal is not null ? path != _literal : !path.StartsWith(_pattern.Prefix, StringComparison.Ordinal)) return false;
        var match = _literal is null ? _regex.Match(path) : null;
        if (_literal is null && match is null) return false;

        var named = _has.Length == 0 ? null : new Dictionary<string, string>(StringComparer.Ordinal);
        if (!_has.All(c => c.Holds(request, named)) || _missing.Any(c => c.Holds(request, null))) return false;
        caught = new RuleCatch(match, named);
        return true;
    }
}
