using Slipway.Core.Pipeline.Planning;
using static Slipway.Core.Tests.Planning.Sources;

namespace Slipway.Core.Tests.Planning;

public class BuildToolsTests
{
    [Theory]
    [InlineData("package.json", "{'dependencies':{'better-sqlite3':'12'},'scripts':{'start':'node x'}}", true)]
    [InlineData("package.json", "{'devDependencies':{'node-gyp':'12'},'scripts':{'start':'node x'}}", true)]
    [InlineData("package.json", "{'dependencies':{'bcryptjs':'3','@types/bcrypt':'6'},'scripts':{'start':'node x'}}", false)]
    [InlineData("package.json", "{'dependencies':{'mine':'github:me/mine#main'},'scripts':{'start':'node x'}}", true)]
    [InlineData("package.json", "{'dependencies':{'mine':'me/mine'},'scripts':{'start':'node x'}}", true)]
    [InlineData("package.json", "{'dependencies':{'mine':'npm:other@1','ours':'workspace:*'},'scripts':{'start':'node x'}}", false)]
    [InlineData("package-lock.json", "{\n  'packages': {\n    'node_modules/orm/node_modules/sqlite3': {\n", true)]
    [InlineData("package-lock.json", "{\n  'packages': {\n    'node_modules/@types/bcrypt': {\n", false)]
    [InlineData("package-lock.json", "{\n  'packages': {\n    'node_modules/drizzle-orm': {\n      'peerDependencies': {\n        'better-sqlite3': '>=9',\n        'sqlite3': '>=5'\n", false)]
    [InlineData("package-lock.json", "{\n  'packages': {\n    'node_modules/mine': {\n      'resolved': 'git+ssh://git@github.com/me/mine.git#abc',\n", true)]
    [InlineData("package-lock.json", "{\n  'dependencies': {\n    '@discordjs/opus': {\n", true)]
    [InlineData("pnpm-lock.yaml", "lockfileVersion: '9.0'\npackages:\n\n  '@discordjs/opus@0.10.0':\n", true)]
    [InlineData("pnpm-lock.yaml", "lockfileVersion: '6.0'\npackages:\n\n  /bcrypt@5.1.1:\n", true)]
    [InlineData("pnpm-lock.yaml", "lockfileVersion: 5.4\npackages:\n\n  /bcrypt/5.1.1:\n", true)]
    [InlineData("pnpm-lock.yaml", "lockfileVersion: '9.0'\npackages:\n\n  drizzle-orm@0.44.0:\n    peerDependencies:\n      better-sqlite3: '>=7'\n", false)]
    [InlineData("yarn.lock", "# yarn lockfile v1\n\nsqlite3@^5.1.2:\n  version '5.1.2'\n", true)]
    [InlineData("yarn.lock", "__metadata:\n  version: 8\n\n'canvas@npm:^3.0.0':\n  version: 3.0.0\n", true)]
    [InlineData("yarn.lock", "__metadata:\n  version: 8\n\n'fsevents@npm:^2.3.2':\n  dependencies:\n    node-gyp: 'npm:latest'\n", false)]
    [InlineData("bun.lock", "{ 'packages': {\n    'bcrypt': ['bcrypt@5.1.1', '', {} ],\n", true)]
    [InlineData("bun.lock", "{ 'packages': {\n    'x': ['x@1.0.0', '', { 'peerDependencies': { 'bcrypt': '5' } } ],\n", false)]
    public void A_compiler_or_git_is_asked_for_by_what_is_installed(string file, string text, bool expected)
    {
        var tree = Package("{'dependencies':{'express':'5'},'scripts':{'start':'node x'}}");
        tree[file] = text.Replace('\'', file == "pnpm-lock.yaml" ? '\'' : '"');
        var plan = PlanOf(tree);
        Assert.Equal(expected, plan.Bases.Single(b => b.Name == "node:22-bookworm").ForBuild);
        Assert.Equal(expected, plan.Evidence.Any(e => e.What.Contains("a base with", StringComparison.Ordinal)));
        Assert.DoesNotContain(plan.Bases, b => b is { Name: "node:22-bookworm-slim", ForBuild: true });
    }

    [Fact]
    public void A_site_of_files_may_need_a_compiler_too() =>
        Assert.Contains(PlanOf(Package("{'dependencies':{'gatsby':'5','node-sass':'9'}}")).Bases, b => b is { Kind: BaseImageKind.Node, ForBuild: true });

    [Fact]
    public void A_long_lockfile_is_read()
    {
        var tree = Package("{'dependencies':{'express':'5'},'scripts':{'start':'node x'}}");
        tree["pnpm-lock.yaml"] = "lockfileVersion: '6.0'\n" + string.Concat(Enumerable.Repeat("  /some-package@1.0.0:\n    resolution: {}\n", 60_000));
        Assert.Contains(" pnpm@8\n", PlanOf(tree).Dockerfile);
    }
}
