using System.Globalization;
using System.Text.Json;

namespace Slipway.Core.Pipeline.Planning.Rules;

/// <summary>A value of a file of rules and where it stands: <c>redirects[2].source</c>.</summary>
internal readonly record struct RuleValue(string File, string Field, JsonElement Element)
{
    public const int MaxText = 4096;

    public bool Flag() => Element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Wrong($"is {Kind()}, not true or false", "write true or false, without quotes"),
    };

    public string Text(int most = MaxText)
    {
        if (Element.ValueKind != JsonValueKind.String || Element.GetString() is not { } text) throw Wrong($"is {Kind()}, not a text", "put it into quotes");
        return text.Length <= most ? text : throw Wrong($"has {text.Length} characters, {most} are allowed", "make it shorter");
    }

    public int Number(int least, int most) =>
        Element.ValueKind == JsonValueKind.Number && Element.TryGetInt32(out var number) && number >= least && number <= most
            ? number : throw Wrong($"is {Element.GetRawText()}, not a number from {least} to {most}", "give one of them, without quotes");

    public double Double() => Element.ValueKind == JsonValueKind.Number ? Element.GetDouble() : throw Wrong($"is {Kind()}, not a number", "give a number, without quotes");

    public IReadOnlyList<T> List<T>(Func<RuleValue, T> one, int most = EdgeRules.MaxRules)
    {
        if (Element.ValueKind != JsonValueKind.Array) throw Wrong($"is {Kind()}, not a list", "put it into [ and ]");
        if (Element.GetArrayLength() > most) throw Wrong($"has {Element.GetArrayLength()} entries, {most} are allowed", "use patterns such as /old/:path* in place of one rule for each page");
        var list = new List<T>(Element.GetArrayLength());
        foreach (var element in Element.EnumerateArray()) list.Add(one(new RuleValue(File, string.Create(CultureInfo.InvariantCulture, $"{Field}[{list.Count}]"), element)));
        return list;
    }

    public RuleValue Must(string property) => May(property) ?? throw Wrong($"has no {property}", $"give it one: \"{property}\": …");

    public RuleValue? May(string property) => Element.TryGetProperty(property, out var value) ? new RuleValue(File, Field.Length == 0 ? property : $"{Field}.{property}", value) : null;

    /// <summary>It is an object, and has nothing else.</summary>
    public void DemandKnown(IReadOnlyList<string> properties)
    {
        if (Element.ValueKind != JsonValueKind.Object) throw Wrong($"is {Kind()}, not an object", "put it into { and }");
        foreach (var property in Element.EnumerateObject())
        {
            if (!properties.Contains(property.Name)) throw Wrong($"has '{property.Name}', which is not known here", $"known are {string.Join(", ", properties)}");
        }
    }

    public RuleFaultException Wrong(string what, string fix) => new(new Failure("plan.rule_invalid", Field.Length == 0 ? $"{File} {what}" : $"{File}: {Field} {what}", fix));

    private string Kind() => Element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };
}
