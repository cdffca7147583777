using Slipway.Core.Pipeline.Sourcing;

namespace Slipway.Core.Pipeline.Planning.Rules;

/// <summary>What a source says to the edge.</summary>
/// <param name="Rules">Null: nothing.</param>
public sealed record RulesRead(EdgeRules? Rules, IReadOnlyList<PlanEvidence> Evidence, IReadOnlyList<string> Warnings);

/// <summary>
/// Reads <c>slipway.json</c> and <c>vercel.json</c> of an app's folder. A property that both have is taken from the first. All that the
/// edge would stumble over is said here, at the build.
/// </summary>
public static class RuleReader
{
    public const string OwnFile = "slipway.json";
    private const string OtherFile = "vercel.json";
    private const int MaxCharacters = 256 * 1024;

    /// <summary>All that <see cref="OwnFile"/> may have.</summary>
    internal static IReadOnlyList<string> Properties { get; } = ["$schema", "cleanUrls", "headers", "redirects", "rewrites", "trailingSlash"];

    /// <summary>Adds what the edge is to do to a plan, whoever made that. Failures: <c>plan.rules_unreadable</c>, <c>plan.rules_too_large</c>, <c>plan.rule_invalid</c>.</summary>
    public static Outcome<BuildPlan> AddTo(BuildPlan plan, ISourceTree tree, PlanOptions options)
    {
        var rooted = Planner.Root(tree, options);
        if (rooted.IsFailure(out var failure)) return failure;
        var read = Read(tree, rooted.Value, plan.Output.Kind == "static");
        if (read.IsFailure(out failure)) return failure;
        var found = read.Value;
        return plan with { Rules = found.Rules, Evidence = [.. plan.Evidence, .. found.Evidence], Warnings = [.. plan.Warnings, .. found.Warnings] };
    }

    public static Outcome<RulesRead> Read(ISourceTree tree, string root, bool isStatic)
    {
        try
        {
            using var own = Open(tree, root, OwnFile);
            using var other = Open(tree, root, OtherFile);
            return Read(new FunctionFiles(tree, root, isStatic), [.. new[] { own, other }.OfType<RuleFile>()], isStatic);
        }
        catch (RuleFaultException fault)
        {
            return fault.Failure;
        }
    }

    private static RulesRead Read(FunctionFiles functions, IReadOnlyList<RuleFile> files, bool isStatic)
    {
        var rules = new EdgeRules
        {
            CleanUrls = First(files, "cleanUrls", p => (bool?)p.Flag()),
            TrailingSlash = First(files, "trailingSlash", p => (bool?)p.Flag()),
            Redirects = First(files, "redirects", p => p.List(RuleShapes.Redirect)) ?? [],
            Rewrites = First(files, "rewrites", p => p.List(RuleShapes.Rewrite)) ?? [],
            Headers = First(files, "headers", p => p.List(RuleShapes.Header)) ?? [],
            IsStatic = isStatic,
        };
        var warnings = new List<string>();
        rules = rules with { Rewrites = functions.Without(rules.Rewrites, warnings) };
        if (files.Any(f => f.Has("routes"))) warnings.Add($"{OtherFile}: routes is not applied; say the same with redirects, rewrites and headers.");
        if (files.Any(f => f.Has("bulkRedirectsPath"))) warnings.Add($"{OtherFile}: bulkRedirectsPath is not applied; put them into redirects.");
        return rules.IsEmpty ? new RulesRead(null, [], warnings) : new RulesRead(rules, [new PlanEvidence(string.Join(" and ", files.Select(f => f.Name)), $"the edge has {Words(rules)}")], warnings);
    }

    private static RuleFile? Open(ISourceTree tree, string root, string name)
    {
        var path = SourcePath.Join(root, name);
        if (tree.ReadText(path) is not { } text) return null;
        if (text.Length > MaxCharacters && name == OwnFile) throw TooLarge(name);
        var file = RuleFile.Parse(name, text);
        if (text.Length > MaxCharacters && Properties.Any(file.Has)) throw TooLarge(name);
        if (name == OwnFile) file.DemandKnown(Properties);
        return file;
    }

    private static RuleFaultException TooLarge(string name) =>
        new(new Failure("plan.rules_too_large", $"{name} is larger than {MaxCharacters / 1024} KiB", "use patterns such as /old/:path* in place of one rule for each page"));

    private static T? First<T>(IEnumerable<RuleFile> files, string property, Func<RuleValue, T> read) =>
        files.FirstOrDefault(f => f.Has(property)) is { } file ? read(file.Property(property)) : default;

    private static string Words(EdgeRules rules)
    {
        string?[] words =
        [
            rules.CleanUrls == true ? "clean URLs" : null,
            rules.TrailingSlash switch { true => "a slash at the end of pages", false => "no slash at the end", null => null },
            Count(rules.Redirects.Count, "redirect"), Count(rules.Rewrites.Count, "rewrite"), Count(rules.Headers.Count, "rule for headers", "rules for headers"),
        ];
        return string.Join(", ", words.OfType<string>());
    }

    private static string? Count(int count, string one, string? many = null) => count switch { 0 => null, 1 => $"1 {one}", _ => $"{count} {many ?? one + "s"}" };
}
