using System.Text.Json;
using Slipway.Core.Pipeline.Planning.Rules;
using Slipway.Testing;

namespace Core.Tests.Planning.Rules;

/// <summary>Against what the published package that gave the rules their meaning makes of the same (<c>published.mjs</c>).</summary>
public sealed class PublishedRulesTests
{
    private static readonly JsonElement Published = JsonDocument.Parse(File.ReadAllText(Path.Combine(Golden.Root, "tests/Core.Tests/Planning/Rules/published.json"))).RootElement;

    public static TheoryData<int> Rules => [.. Enumerable.Range(0, Published.GetProperty("rules").GetArrayLength())];

    public static TheoryData<int> Headers => [.. Enumerable.Range(0, Published.GetProperty("headers").GetArrayLength())];

    public static TheoryData<int> Tidy => [.. Enumerable.Range(0, Published.GetProperty("tidy").GetArrayLength())];

    [Theory]
    [MemberData(nameof(Rules))]
    public void Rule_means_what_it_means_at_its_origin(int number)
    {
        var rule = Published.GetProperty("rules")[number];
        var (source, destination) = (Text(rule, "source"), Text(rule, "destination"));
        var ready = new ReadyRule(source, Has(rule), null);

        Assert.Equal(Text(rule, "location"), Destination.Fill(destination, ready.Names(), isRewrite: false));
        Assert.Equal(Text(rule, "target"), Destination.Fill(destination, ready.Names(), isRewrite: true));
        var matches = rule.GetProperty("matches");
        var bare = new ReadyRule(source, null, null);
        foreach (var path in Published.GetProperty("paths").EnumerateArray().Select(p => p.GetString() ?? ""))
        {
            var isMatch = bare.Applies(new RuleRequest { Host = "h", Path = path }, path, out var caught);
            Assert.True(isMatch == matches.TryGetProperty(path, out var groups), $"{source} and {path}");
            if (isMatch) Assert.Equal(groups.EnumerateArray().Select(g => g.GetString()), caught.Path?.Groups.Values.Skip(1).Select(g => g.Value) ?? []);
        }
    }

    [Theory]
    [MemberData(nameof(Headers))]
    public void Header_means_what_it_means_at_its_origin(int number)
    {
        var rule = Published.GetProperty("headers")[number];
        var made = rule.GetProperty("made").EnumerateObject().Single();
        var names = new ReadyRule(Text(rule, "source"), null, null).Names();

        Assert.Equal((made.Name, made.Value.GetString()), (Filled("key"), Filled("value")));

        string Filled(string part) => names.Count > 0 && Text(rule, part).Contains(':', StringComparison.Ordinal) ? Destination.Spared(Text(rule, part), names) : Text(rule, part);
    }

    [Theory]
    [MemberData(nameof(Tidy))]
    public void One_address_is_kept_of_a_page(int number)
    {
        var tidy = Published.GetProperty("tidy")[number];
        var set = new RuleSet(new EdgeRules { CleanUrls = Flag(tidy, "cleanUrls"), TrailingSlash = Flag(tidy, "trailingSlash") });
        foreach (var path in tidy.GetProperty("to").EnumerateObject())
        {
            // What the origin makes "//" of is another host's address to a browser.
            var expected = path.Value.GetString() is { } to ? "/" + to.TrimStart('/') : null;
            Assert.Equal((path.Name, expected), (path.Name, set.Redirect(new RuleRequest { Host = "h", Path = path.Name })?.Location));
        }
    }

    private static List<RuleCondition>? Has(JsonElement rule) => !rule.TryGetProperty("has", out var has) ? null :
        [.. has.EnumerateArray().Select(c => new RuleCondition(Enum.Parse<RequestPart>(Text(c, "type"), ignoreCase: true), Optional(c, "key")?.ToLowerInvariant(), Optional(c, "value")))];

    private static string Text(JsonElement element, string property) => element.GetProperty(property).GetString() ?? "";

    private static string? Optional(JsonElement element, string property) => element.TryGetProperty(property, out var value) ? value.GetString() : null;

    private static bool? Flag(JsonElement element, string property) => element.TryGetProperty(property, out var value) ? value.GetBoolean() : null;
}
