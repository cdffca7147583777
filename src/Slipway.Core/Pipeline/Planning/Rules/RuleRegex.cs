using System.Text.RegularExpressions;

namespace Slipway.Core.Pipeline.Planning.Rules;

/// <summary>A rule's expression took longer than it may: the request has no answer, and none after it for a moment.</summary>
public sealed class RuleTooSlowException(string pattern) : Exception($"The rule '{pattern}' takes too long.")
{
    public string Pattern { get; } = pattern;
}

/// <summary>An expression that is made ready when it is first asked.</summary>
/// <param name="pattern">As written, for people.</param>
/// <param name="text">In JavaScript's syntax.</param>
internal sealed class RuleRegex(string pattern, string text, bool keepsNames)
{
    /// <summary>For so long one that took too long is not asked again: it costs a fiftieth of a core at most, however many ask.</summary>
    private const long RestMilliseconds = 5000;

    private Regex? _regex;
    private long _restsUntil;

    /// <exception cref="FormatException">In words for the user.</exception>
    public Regex Ready() => _regex ??= ScriptRegex.Compile(text, keepsNames);

    /// <exception cref="RuleTooSlowException">It took too long now, or did a moment ago.</exception>
    public Match? Match(string value)
    {
        if (Environment.TickCount64 < Volatile.Read(ref _restsUntil)) throw new RuleTooSlowException(pattern);
        try
        {
            return Ready().Match(value) is { Success: true } match ? match : null;
        }
        catch (RegexMatchTimeoutException)
        {
            Volatile.Write(ref _restsUntil, Environment.TickCount64 + RestMilliseconds);
            throw new RuleTooSlowException(pattern);
        }
    }
}
