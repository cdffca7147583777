using static Slipway.Core.Tests.Planning.Sources;

namespace Slipway.Core.Tests.Planning;

public class MonorepoTests
{
    private const string Next = "{'name':'web','dependencies':{'next':'16','@acme/ui':'workspace:*'},'scripts':{'build':'next build'}}";

    [Fact]
    public void A_workspace_is_installed_at_its_root_and_built_in_order()
    {
        var plan = PlanOf(Monorepo(Next), "apps/web");
        Assert.Equal("", plan.ContextDirectory);
        Assert.Equal("(cd /app/packages/tokens && pnpm run build) && (cd /app/packages/ui && pnpm run build) && pnpm run build", plan.Build);
        Assert.Contains(
            "COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./\nCOPY apps/web/package.json apps/web/\nCOPY packages/tokens/package.json packages/tokens/\nCOPY packages/ui/package.json packages/ui/\n",
            plan.Dockerfile);
        Assert.Contains("pnpm install --frozen-lockfile --filter '{./apps/web}...' --filter .\n", plan.Dockerfile);
        Assert.Contains("WORKDIR /app/apps/web\nRUN ", plan.Dockerfile);
        Assert.Contains("target=/app/apps/web/.next/cache", plan.Dockerfile);
    }

    [Fact]
    public void Turbo_is_asked_where_the_workspace_has_it()
    {
        var tree = Monorepo(Next);
        tree["turbo.json"] = "{}";
        tree["package.json"] = """{ "packageManager": "pnpm@10.20.0", "devDependencies": { "turbo": "^2.1.0" } }""";
        Assert.Equal("(cd /app && pnpm exec turbo run build --filter=web --env-mode=loose)", PlanOf(tree, "apps/web").Build);
    }

    [Fact]
    public void A_member_with_its_own_lockfile_is_installed_by_itself()
    {
        var tree = Monorepo(Next);
        tree["apps/web/package-lock.json"] = "{}";
        var plan = PlanOf(tree, "apps/web");
        Assert.Equal("npm ci", plan.Install);
        Assert.Contains("WORKDIR /app/apps/web\nCOPY apps/web/package.json apps/web/package-lock.json ./\n", plan.Dockerfile);
    }

    [Fact]
    public void A_lockfile_above_that_is_of_no_workspace_is_not_ours()
    {
        var tree = Package("{'name':'tools'}", "yarn.lock");
        tree["web/package.json"] = """{ "scripts": { "start": "node x" }, "dependencies": { "koa": "3" } }""";
        Assert.Equal("npm install", PlanOf(tree, "web").Install);
    }

    [Theory]
    [InlineData("package-lock.json", "'workspaces':['apps/*']", "npm ci")]
    [InlineData("yarn.lock", "'workspaces':{'packages':['apps/**']}", "yarn install --frozen-lockfile")]
    [InlineData("bun.lock", "'workspaces':['./apps/web']", "bun install --frozen-lockfile")]
    public void Workspaces_of_every_manager_are_found(string lockfile, string workspaces, string install)
    {
        var tree = Package($"{{{workspaces}}}", lockfile);
        tree["apps/web/package.json"] = """{ "scripts": { "start": "node x" }, "dependencies": { "koa": "3" } }""";
        var plan = PlanOf(tree, "apps/web");
        Assert.Equal(install, plan.Install);
        Assert.Contains("COPY apps/web/package.json apps/web/\n", plan.Dockerfile);
        Assert.EndsWith("WORKDIR /app/apps/web\nUSER 10001:10001\nEXPOSE 3000\nCMD [\"node\", \"x\"]\n", plan.Dockerfile);
    }

    [Fact]
    public void Packages_that_depend_on_each_other_in_a_circle_are_built_once()
    {
        var tree = Monorepo(Next);
        tree["packages/tokens/package.json"] = """{ "name": "@acme/tokens", "scripts": { "build": "x" }, "dependencies": { "@acme/ui": "*", "web": "*" } }""";
        Assert.Equal(1, PlanOf(tree, "apps/web").Build!.Split("packages/ui").Length - 1);
    }

    [Fact]
    public void Patterns_made_to_take_forever_do_not()
    {
        var tree = Package($"{{'workspaces':['{string.Join('/', Enumerable.Repeat("**/*", 200))}','{string.Join('/', Enumerable.Repeat("**", 999))}']}}", "index.js");
        foreach (var i in Enumerable.Range(0, 8)) tree[string.Join('/', Enumerable.Repeat($"d{i}", 30)) + "/package.json"] = "{}";
        Assert.Equal("node index.js", PlanOf(tree).Start);
    }
}
