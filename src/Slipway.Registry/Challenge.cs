using System.Text.RegularExpressions;

namespace Slipway.Registry;

/// <summary>The parameters of a <c>WWW-Authenticate</c> header: <c>realm="…",service="…"</c>. Pure.</summary>
internal static partial class Challenge
{
    public static IReadOnlyDictionary<string, string> Read(string parameter)
    {
        var found = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (Match part in Part().Matches(parameter)) found[part.Groups["name"].Value] = part.Groups["quoted"].Success ? part.Groups["quoted"].Value : part.Groups["plain"].Value;
        return found;
    }

    [GeneratedRegex("(?<name>[A-Za-z_]+)=(\"(?<quoted>[^\"]*)\"|(?<plain>[^,\\s]+))", RegexOptions.ExplicitCapture)]
    private static partial Regex Part();
}
