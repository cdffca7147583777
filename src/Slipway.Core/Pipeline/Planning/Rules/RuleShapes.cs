using System.Globalization;
using System.Text.Json;

namespace Slipway.Core.Pipeline.Planning.Rules;

/// <summary>What each kind of rule looks like, and what it must be to be of use.</summary>
internal static class RuleShapes
{
    private const int MaxConditions = 16;
    private const int MaxHeaderValue = 32 * 1024;

    public static RedirectRule Redirect(RuleValue value)
    {
        value.DemandKnown(["source", "destination", "permanent", "statusCode", "has", "missing"]);
        var (permanent, code) = (value.May("permanent"), value.May("statusCode"));
        if (permanent is not null && code is not null) throw value.Wrong("has both permanent and statusCode", "keep one of the two");
        var status = code?.Number(300, 399) ?? (permanent?.Flag() == false ? 307 : 308);
        var (source, rule) = Source(value);
        var destination = Destination(value.Must("destination"), rule, isRewrite: false);
        return new RedirectRule(source, destination, status, Conditions(value, "has"), Conditions(value, "missing"));
    }

    public static RewriteRule Rewrite(RuleValue value)
    {
        value.DemandKnown(["source", "destination", "statusCode", "respectOriginCacheControl", "has", "missing"]);
        var (source, rule) = Source(value);
        var destination = value.Must("destination");
        if (destination.Element.ValueKind == JsonValueKind.Object) throw destination.Wrong("hands on to a service, which is not known here", "name a path or an address");
        return new RewriteRule(source, Destination(destination, rule, isRewrite: true), value.May("statusCode")?.Number(200, 599), Conditions(value, "has"), Conditions(value, "missing"));
    }

    public static HeaderRule Header(RuleValue value)
    {
        value.DemandKnown(["source", "headers", "has", "missing"]);
        var (source, _) = Source(value);
        return new HeaderRule(source, value.Must("headers").List(OneHeader, most: 100), Conditions(value, "has"), Conditions(value, "missing"));
    }

    private static RuleHeader OneHeader(RuleValue value)
    {
        value.DemandKnown(["key", "value"]);
        var (key, text) = (value.Must("key"), value.Must("value"));
        var header = new RuleHeader(key.Text(256), text.Text(MaxHeaderValue));
        if (!header.Key.Contains(':', StringComparison.Ordinal) && !RuleHeaders.IsName(header.Key)) throw key.Wrong($"is '{header.Key}', which is no name of a header", "use letters, digits and dashes");
        if (RuleHeaders.IsOurs(header.Key)) throw key.Wrong($"is {header.Key}, which only the edge and the app may set", "leave it out");
        return RuleHeaders.IsValue(header.Value) ? header : throw text.Wrong("has characters that no header may have", "write it on one line, in ASCII");
    }

    private static (string Text, ReadyRule Rule) Source(RuleValue value)
    {
        var source = value.Must("source");
        var text = source.Text();
        if (!text.StartsWith('/') && !text.StartsWith('(') && !text.StartsWith('{') && !text.StartsWith(':')) throw source.Wrong($"is '{text}', which no path begins with", $"begin it with a slash: /{text}");
        try
        {
            var rule = new ReadyRule(text, Conditions(value, "has"), Conditions(value, "missing"));
            rule.Prove();
            return (text, rule);
        }
        catch (FormatException e)
        {
            throw source.Wrong($"is '{text}': {e.Message}", "names are written :name, :name* or :name(\\\\d+), expressions in brackets: /(.*)");
        }
    }

    private static string Destination(RuleValue value, ReadyRule rule, bool isRewrite)
    {
        var text = value.Text();
        var parts = Rules.Destination.Split(text);
        var isAddress = parts.Origin.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || parts.Origin.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
        if (!isAddress && (parts.Origin.Length > 0 || !text.StartsWith('/') || text.StartsWith("//", StringComparison.Ordinal))) throw value.Wrong($"is '{text}', neither a path nor an address", "begin it with a slash, with http:// or with https://");
        if (isAddress && isRewrite) DemandPublic(value, text, parts.Origin);
        var names = rule.Names();
        if (parts.Names().FirstOrDefault(name => !names.ContainsKey(name) && !IsPort(name)) is { } unknown)
            throw value.Wrong($"uses :{unknown}, which neither source nor has knows", names.Count == 0 ? $"name it in the source: /:{unknown}" : $"known are {string.Join(", ", names.Keys.Select(n => $":{n}"))}");
        try
        {
            Rules.Destination.Fill(text, names, isRewrite);
            return text;
        }
        catch (FormatException e)
        {
            throw value.Wrong($"is '{text}': {e.Message}", "put a backslash before signs that are meant as they are: \\\\( \\\\) \\\\: \\\\? \\\\* \\\\+");
        }
    }

    private static bool IsPort(string name) => name.All(char.IsAsciiDigit);

    /// <summary>What can be told from the text alone; where the name leads the edge looks at each connection.</summary>
    private static void DemandPublic(RuleValue value, string text, string origin)
    {
        var host = origin[(origin.IndexOf("//", StringComparison.Ordinal) + 2)..];
        if (host.Contains('@', StringComparison.Ordinal)) throw value.Wrong("holds a name and password", "leave them out: whoever can read the source reads them");
        if (host.Contains(':', StringComparison.Ordinal) && !Uri.TryCreate(origin, UriKind.Absolute, out _)) return;
        if (!PublicAddress.MayBe(host)) throw value.Wrong($"is '{text}', which is not on the public internet", "rewrites lead to public addresses only; let the app ask what is private");
    }

    private static List<RuleCondition>? Conditions(RuleValue rule, string property)
    {
        if (rule.May(property) is not { } value) return null;
        List<RuleCondition> conditions = [.. value.List(Condition, MaxConditions)];
        return conditions.Count == 0 ? null : conditions;
    }

    private static RuleCondition Condition(RuleValue value)
    {
        value.DemandKnown(["type", "key", "value"]);
        var kind = value.Must("type");
        var part = kind.Text() switch
        {
            "host" => RequestPart.Host,
            "header" => RequestPart.Header,
            "cookie" => RequestPart.Cookie,
            "query" => RequestPart.Query,
            var other => throw kind.Wrong($"is '{other}'", "known are host, header, cookie, query"),
        };
        var key = part == RequestPart.Host ? null : value.Must("key").Text();
        if (part == RequestPart.Host) value.Must("value");
        var wanted = value.May("value");
        var isText = wanted?.Element.ValueKind == JsonValueKind.String;
        var condition = new RuleCondition(part, part == RequestPart.Header ? key?.ToLowerInvariant() : key, isText ? wanted?.Text() : null, isText || wanted is not { } compare ? null : Comparison(compare));
        if (condition.Value?.Length == 0) condition = condition with { Value = null };
        try
        {
            _ = new ReadyCondition(condition).Names().ToList();
            return condition;
        }
        catch (FormatException e)
        {
            throw (wanted ?? value).Wrong(e.Message, "write a regular expression for the whole value");
        }
    }

    private static RuleComparison Comparison(RuleValue value)
    {
        value.DemandKnown(["eq", "neq", "inc", "ninc", "pre", "suf", "re", "gt", "gte", "lt", "lte"]);
        return new RuleComparison
        {
            Eq = value.May("eq") is { } eq ? eq.Element.ValueKind == JsonValueKind.Number ? eq.Double().ToString(CultureInfo.InvariantCulture) : eq.Text() : null,
            Neq = value.May("neq")?.Text(),
            Inc = value.May("inc")?.List(v => v.Text()),
            Ninc = value.May("ninc")?.List(v => v.Text()),
            Pre = value.May("pre")?.Text(),
            Suf = value.May("suf")?.Text(),
            Re = value.May("re")?.Text(),
            Gt = value.May("gt")?.Double(),
            Gte = value.May("gte")?.Double(),
            Lt = value.May("lt")?.Double(),
            Lte = value.May("lte")?.Double(),
        };
    }
}
