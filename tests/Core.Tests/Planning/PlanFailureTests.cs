using Slipway.Core.Pipeline.Planning;
using static Slipway.Core.Tests.Planning.Sources;

namespace Slipway.Core.Tests.Planning;

public class PlanFailureTests
{
    [Theory]
    [InlineData("../x", "plan.root_invalid")]
    [InlineData("a/../../x", "plan.root_invalid")]
    [InlineData("/etc", "plan.root_invalid")]
    [InlineData("a\nRUN x", "plan.root_invalid")]
    [InlineData(@"..\x", "plan.root_invalid")]
    [InlineData("app", "plan.root_missing")]
    public void A_root_outside_or_missing_is_refused(string root, string code) =>
        Assert.Equal(code, FailureOf(new() { ["web/index.html"] = "" }, root).Code);

    [Theory]
    [InlineData("web")]
    [InlineData("./web/")]
    [InlineData("web/x/..")]
    [InlineData(" web ")]
    public void A_root_may_be_written_in_several_ways(string root) =>
        Assert.Equal("web", PlanOf(new() { ["web/index.html"] = "", ["web/x/a"] = "" }, root).ContextDirectory);

    [Fact]
    public void Nothing_to_go_by_names_what_was_looked_for_and_the_folders_that_would_do()
    {
        var failure = FailureOf(new() { ["README.md"] = "", ["apps/shop/package.json"] = "{}", ["site/index.htm"] = "" });
        Assert.Equal("plan.no_provider", failure.Code);
        Assert.Contains("Dockerfile", failure.Message);
        Assert.Contains("apps/shop", failure.Hint);
    }

    [Fact]
    public void An_empty_source_has_no_provider() => Assert.Equal("plan.no_provider", FailureOf(new()).Code);

    [Theory]
    [InlineData("{'dependencies':{'express':'5'}}")]
    [InlineData("{'scripts':{'build':'tsc'}}")]
    [InlineData("{'scripts':{'start':'  '}}")]
    [InlineData("{'main':'gone.js'}")]
    public void A_package_that_nothing_starts_says_so(string package) =>
        Assert.Equal("plan.no_start_command", FailureOf(Package(package)).Code);

    [Theory]
    [InlineData("{\n  \"name\": \"x\",\n}", "line 3, column 1")]
    [InlineData("[]", "no JSON object")]
    [InlineData("", "line 1, column 1")]
    public void An_invalid_package_json_says_where(string text, string where)
    {
        var failure = FailureOf(new() { ["package.json"] = text });
        Assert.Equal("plan.invalid_package_json", failure.Code);
        Assert.Contains(where, failure.Message);
    }

    [Fact]
    public void A_package_json_too_large_to_read_is_invalid() =>
        Assert.Equal("plan.invalid_package_json", FailureOf(new() { ["package.json"] = new string(' ', 9 << 20) + "{}" }).Code);

    [Theory]
    [InlineData("""{ "name": "\ud800", "scripts": { "start": "node \udfff" }, "main": "\ud800" }""")]
    [InlineData("""{ "name": 1, "scripts": [], "dependencies": "x", "engines": null, "workspaces": { "packages": 3 }, "devEngines": { "packageManager": [1, {}] } }""")]
    public void What_has_the_wrong_type_counts_as_absent(string text) =>
        Assert.Equal("node index.js", PlanOf(new() { ["package.json"] = text, ["index.js"] = "" }).Start);

    [Fact]
    public void A_hash_that_is_no_word_is_our_bug() =>
        Assert.Throws<ArgumentException>(() => Planner.Plan(Package("{}"), new() { EnvironmentHash = "a; rm" }));
}
