using Slipway.Core.Pipeline.Planning;
using static Slipway.Core.Tests.Planning.Sources;

namespace Slipway.Core.Tests.Planning;

public class NodeVersionTests
{
    [Theory]
    [InlineData(null, null, "22", "22")]
    [InlineData("22", null, "22", "22")]
    [InlineData("22.x", null, "22", "22")]
    [InlineData(">=20.9", null, "22", "22")]
    [InlineData("*", null, "22", "22")]
    [InlineData("^20.19 || >=22.12", null, "22", ">=22.12.0 <23.0.0")]
    [InlineData("18 - 20", null, "20", "20")]
    [InlineData(">=14 <19", null, "18", "18")]
    [InlineData(">=24", null, "24", "24")]
    [InlineData(">= 24.1", null, "24", ">=24.1.0 <25.0.0")]
    [InlineData("v22.11.0", null, "22.11.0", "22.11.0")]
    [InlineData("~20.9.1", null, "20", ">=20.9.1 <20.10.0")]
    [InlineData("<22", null, "20", "20")]
    [InlineData(null, "v20.11.1\n", "20.11.1", "20.11.1")]
    [InlineData(null, "# ours\nlts/iron # long\n", "20", "20")]
    [InlineData(null, "lts/*", "24", "24")]
    [InlineData(">=18", "20", "20", "20")]
    [InlineData("24", "20", "24", "24")]
    [InlineData("8", null, "22", "22")]
    [InlineData("whatever", "20", "20", "20")]
    [InlineData("22\" RUN x", null, "22", "22")]
    public void Node_is_what_the_repository_asks_for(string? engines, string? nvmrc, string tag, string range)
    {
        var engine = engines is null ? "" : $"\"engines\":{{\"node\":{System.Text.Json.JsonSerializer.Serialize(engines)}}},";
        var tree = new Testing.MemoryTree { ["package.json"] = "{" + engine + """ "scripts":{"start":"node x"},"dependencies":{"express":"5"}}""" };
        if (nvmrc is not null) tree[".nvmrc"] = nvmrc;
        var plan = PlanOf(tree);
        Assert.Equal(
            [new($"node:{tag}-bookworm", BaseImageKind.Node, range, ForBuild: false), new($"node:{tag}-bookworm-slim", BaseImageKind.Node, range, ForBuild: false)],
            plan.Bases);
        Assert.Contains($"\nFROM node:{tag}-bookworm AS ", plan.Dockerfile);
    }

    [Theory]
    [InlineData("24", "20", ".nvmrc")]
    [InlineData("8", null, "package.json")]
    public void What_cannot_be_had_or_contradicts_is_a_warning(string engines, string? nvmrc, string file)
    {
        var tree = Package($"{{'engines':{{'node':'{engines}'}},'scripts':{{'start':'node x'}}}}");
        if (nvmrc is not null) tree[".nvmrc"] = nvmrc;
        Assert.Contains(PlanOf(tree).Warnings, w => w.StartsWith(file + ":", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{'dependencies':{'@solidjs/start':'^2.0.0'}}", "24", 0)]
    [InlineData("{'dependencies':{'next':'^16.1.0'}}", "22", 0)]
    [InlineData("{'dependencies':{'next':'^16.1.0'},'engines':{'node':'18'}}", "22", 1)]
    [InlineData("{'dependencies':{'next':'latest'},'engines':{'node':'>=18 <20'}}", "22", 1)]
    [InlineData("{'dependencies':{'next':'latest'},'engines':{'node':'>=18 <21'}}", "20", 0)]
    [InlineData("{'dependencies':{'next':'^14.1.0'},'engines':{'node':'18'}}", "18", 0)]
    public void A_framework_gets_the_Node_it_runs_on_and_what_asked_for_less_is_named(string package, string tag, int warnings)
    {
        var plan = PlanOf(Package(package, "package-lock.json"));
        Assert.Equal($"node:{tag}-bookworm", plan.Bases[0].Name);
        Assert.Equal(warnings, plan.Warnings.Count);
    }
}
