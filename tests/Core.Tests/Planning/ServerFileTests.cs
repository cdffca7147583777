using static Slipway.Core.Tests.Planning.Sources;

namespace Slipway.Core.Tests.Planning;

public sealed class ServerFileTests
{
    [Theory]
    [InlineData("{'main':'dist/index.js','scripts':{'build':'tsc'},'devDependencies':{'typescript':'5'}}", "src/index.ts", "node dist/index.js")]
    [InlineData("{'main':'index.js','scripts':{'build':'tsc','dev':'tsx watch src/boot.ts'},'devDependencies':{'tsx':'4'}}", "src/boot.ts", "node --import tsx src/boot.ts")]
    [InlineData("{'main':'lib/start.js'}", "lib/start.js", "node lib/start.js")]
    [InlineData("{'scripts':{'dev':'nodemon api/main.js'},'dependencies':{'express':'5'}}", "api/main.js", "node api/main.js")]
    [InlineData("{'scripts':{'dev':'node --watch --env-file=.env api/main.mjs'}}", "api/main.mjs", "node api/main.mjs")]
    [InlineData("{'scripts':{'dev':'nodemon --exec ts-node src/web.ts'},'dependencies':{'koa':'3'}}", "src/web.ts", "node src/web.ts")]
    [InlineData("{'dependencies':{'express':'5'}}", "src/server.ts", "node src/server.ts")]
    [InlineData("{'dependencies':{'hono':'4'},'packageManager':'bun@1.3.0'}", "src/index.ts", "bun src/index.ts")]
    [InlineData("{'main':'-r.js'}", "-r.js", "node ./-r.js")]
    public void Without_a_start_script_the_servers_file_is_found(string package, string file, string start) =>
        Assert.Equal(start, PlanOf(Package(package, file)).Start);

    [Theory]
    [InlineData("{'dependencies':{'express':'5'},'engines':{'node':'20'}}", "index.ts")]
    [InlineData("{'main':'index.js','scripts':{'build':'tsc'}}", "lib/x.ts")]
    [InlineData("{'scripts':{'dev':'nodemon ../other.js'}}", "other.ts")]
    public void What_cannot_be_run_is_not_taken(string package, string file) =>
        Assert.Equal("plan.no_start_command", FailureOf(Package(package, file)).Code);

    [Fact]
    public void What_runs_by_a_development_package_keeps_it()
    {
        var plan = PlanOf(Package("{'scripts':{'dev':'tsx src/a.ts'},'devDependencies':{'tsx':'4'}}", "src/a.ts"));

        Assert.DoesNotContain("prune", plan.Dockerfile);
        Assert.DoesNotContain("--omit=dev", plan.Dockerfile);
    }
}
