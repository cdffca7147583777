using System.Globalization;

namespace Slipway.Core.Pipeline.Planning.Rules;

/// <summary>A <see cref="RuleCondition"/> that can be asked.</summary>
internal sealed class ReadyCondition
{
    private readonly RuleCondition _condition;
    private readonly RuleRegex? _regex;

    public ReadyCondition(RuleCondition condition)
    {
        _condition = condition;
        var text = condition.Value ?? condition.Compare?.Re;
        if (text is not null) _regex = new RuleRegex(text, text, keepsNames: true);
    }

    /// <summary>The names that it may catch.</summary>
    /// <exception cref="FormatException">In words for the user.</exception>
    public IEnumerable<string> Names()
    {
        if (_regex is null) return _condition is { Compare: null, Key: { } key } ? [key] : [];
        var named = _regex.Ready().GetGroupNames().Where(name => !char.IsAsciiDigit(name[0]));
        return _condition.Type == RequestPart.Host ? named.Append("host") : named;
    }

    public bool Holds(RuleRequest request, Dictionary<string, string>? caught)
    {
        if (request.Of(_condition.Type, _condition.Key) is not { } value || (_condition.Compare is { } compare && !Holds(compare, value))) return false;
        if (_regex is null)
        {
            if (_condition is { Compare: null, Key: { } key } && caught is not null) caught[key] = value;
            return true;
        }

        if (_regex.Match(value) is not { } match) return false;
        if (caught is null) return true;
        foreach (System.Text.RegularExpressions.Group group in match.Groups)
        {
            if (!char.IsAsciiDigit(group.Name[0])) caught[group.Name] = group.Value;
        }

        if (_condition.Type == RequestPart.Host) caught["host"] = match.Value;
        return true;
    }

    private static bool Holds(RuleComparison c, string value)
    {
        if (c.Eq is { } eq && value != eq) return false;
        if (c.Neq is { } neq && value == neq) return false;
        if (c.Inc is { } among && !among.Contains(value)) return false;
        if (c.Ninc is { } others && others.Contains(value)) return false;
        if (c.Pre is { } start && !value.StartsWith(start, StringComparison.Ordinal)) return false;
        if (c.Suf is { } end && !value.EndsWith(end, StringComparison.Ordinal)) return false;
        if (c is { Gt: null, Gte: null, Lt: null, Lte: null }) return true;
        return double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && !(number <= c.Gt) && !(number < c.Gte) && !(number >= c.Lt) && !(number > c.Lte);
    }
}
