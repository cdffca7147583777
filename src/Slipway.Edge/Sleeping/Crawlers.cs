using Microsoft.AspNetCore.Http;

namespace Slipway.Edge.Sleeping;

internal enum Visitor
{
    Person,

    /// <summary>Collects pages or previews of links; comes again by itself.</summary>
    Crawler,

    /// <summary>Looks whether it is up; would keep every app awake for ever.</summary>
    Monitor,
}

/// <summary>Tells by the User-Agent who need not be taken for use.</summary>
internal sealed class Crawlers(EdgeOptions options)
{
    private readonly string[] _crawlers = Words(options.Crawlers);
    private readonly string[] _monitors = Words(options.Monitors);

    public Visitor Of(HttpRequest request)
    {
        var agent = request.Headers.UserAgent.ToString();
        if (agent.Length == 0) return Visitor.Person;
        if (IsNamed(agent, _monitors)) return Visitor.Monitor;
        return IsNamed(agent, _crawlers) ? Visitor.Crawler : Visitor.Person;
    }

    private static bool IsNamed(string agent, string[] words)
    {
        foreach (var word in words)
        {
            if (agent.Contains(word, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }

    private static string[] Words(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
