using Slipway.Core.Pipeline.Planning;
using Slipway.Testing;

namespace Slipway.Core.Tests.Planning;

/// <summary>Small sources, each a package.json with a little around it.</summary>
internal static class Sources
{
    public static MemoryTree Package(string json, params string[] files)
    {
        var tree = new MemoryTree { ["package.json"] = json.Replace('\'', '"') };
        foreach (var file in files) tree[file] = "";
        return tree;
    }

    public static BuildPlan PlanOf(MemoryTree tree, string? root = null)
    {
        var plan = Planner.Plan(tree, new() { RootDirectory = root });
        Assert.Null(plan.Failure);
        return plan.Value;
    }

    public static Failure FailureOf(MemoryTree tree, string? root = null)
    {
        var plan = Planner.Plan(tree, new() { RootDirectory = root });
        Assert.NotNull(plan.Failure);
        return plan.Failure;
    }

    /// <summary>A pnpm workspace with an app, a package that it uses and one that it does not.</summary>
    public static MemoryTree Monorepo(string app) => new()
    {
        ["package.json"] = """{ "private": true, "packageManager": "pnpm@10.20.0" }""",
        ["pnpm-workspace.yaml"] = "packages:\n  - 'apps/*'  # apps\n  - packages/*\n  - '!packages/old'\ncatalog:\n  react: 19\n",
        ["pnpm-lock.yaml"] = "lockfileVersion: '9.0'\n",
        ["apps/web/package.json"] = app.Replace('\'', '"'),
        ["packages/ui/package.json"] = """{ "name": "@acme/ui", "scripts": { "build": "tsup" }, "dependencies": { "@acme/tokens": "workspace:*" } }""",
        ["packages/tokens/package.json"] = """{ "name": "@acme/tokens", "scripts": { "build": "tsup" } }""",
        ["packages/old/package.json"] = """{ "name": "@acme/old" }""",
    };
}
