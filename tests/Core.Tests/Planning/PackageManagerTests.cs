using Slipway.Core.Pipeline.Planning;
using static Slipway.Core.Tests.Planning.Sources;

namespace Slipway.Core.Tests.Planning;

public class PackageManagerTests
{
    private const string Berry = "__metadata:\n  version: 8\n";

    [Theory]
    [InlineData("", "package-lock.json", "{}", "npm ci", null)]
    [InlineData("", null, "", "npm install", null)]
    [InlineData("", "npm-shrinkwrap.json", "{}", "npm ci", null)]
    [InlineData("", "pnpm-lock.yaml", "lockfileVersion: '9.0'", "pnpm install --frozen-lockfile", "pnpm@10")]
    [InlineData("", "pnpm-lock.yaml", "lockfileVersion: '6.1'", "pnpm install --frozen-lockfile", "pnpm@8")]
    [InlineData("", "pnpm-lock.yaml", "lockfileVersion: 5.4", "pnpm install --frozen-lockfile", "pnpm@7")]
    [InlineData("", "pnpm-lock.yaml", "lockfileVersion: 5.3", "pnpm install --frozen-lockfile", "pnpm@6")]
    [InlineData(",'engines':{'pnpm':'^9'}", "pnpm-lock.yaml", "lockfileVersion: '9.0'", "pnpm install --frozen-lockfile", "pnpm@9")]
    [InlineData("", "yarn.lock", "# yarn lockfile v1\n", "yarn install --frozen-lockfile", "yarn@1")]
    [InlineData("", "yarn.lock", Berry, "yarn install --immutable", "@yarnpkg/cli-dist@4")]
    [InlineData("", "yarn.lock", "__metadata:\n  version: 6\n", "yarn install --immutable", "@yarnpkg/cli-dist@3")]
    [InlineData("", "bun.lock", "{}", "bun install --frozen-lockfile", "bun@1")]
    [InlineData("", "bun.lockb", "", "bun install --frozen-lockfile", "bun@1")]
    [InlineData(",'packageManager':'pnpm@9.15.4+sha512.abc='", "pnpm-lock.yaml", "lockfileVersion: '9.0'", "pnpm install --frozen-lockfile", "pnpm@9.15.4")]
    [InlineData(",'packageManager':'yarn@4.9.1'", "yarn.lock", Berry, "yarn install --immutable", "@yarnpkg/cli-dist@4.9.1")]
    [InlineData(",'packageManager':'yarn@1.22.22'", "yarn.lock", "", "yarn install --frozen-lockfile", "yarn@1.22.22")]
    [InlineData(",'packageManager':'bun@1.4.5'", "package-lock.json", "{}", "bun install", "bun@1.4.5")]
    [InlineData(",'packageManager':'npm@11.1.0'", "package-lock.json", "{}", "npm ci", "npm@11.1.0")]
    [InlineData(",'packageManager':'pnpm@latest; rm -rf /'", "package-lock.json", "{}", "npm ci", null)]
    [InlineData(",'devEngines':{'packageManager':{'name':'pnpm','version':'^9.1'}}", "pnpm-lock.yaml", "lockfileVersion: '9.0'", "pnpm install --frozen-lockfile", "pnpm@9")]
    [InlineData(",'devEngines':{'packageManager':[{'name':'bun','version':'1.4.5'}]}", "bun.lock", "", "bun install --frozen-lockfile", "bun@1.4.5")]
    public void Manager_and_version_come_from_the_manifest_then_the_lockfile(string more, string? lockfile, string text, string install, string? package)
    {
        var tree = Package($"{{'dependencies':{{'express':'5'}},'scripts':{{'start':'node x'}}{more}}}");
        if (lockfile is not null) tree[lockfile] = text;
        var plan = PlanOf(tree);
        Assert.Equal(install, plan.Install);
        Assert.Equal(package is not null, plan.Dockerfile.Contains("npm install -g", StringComparison.Ordinal));
        if (package is not null) Assert.Contains($" {package}\n", plan.Dockerfile);
    }

    [Fact]
    public void A_second_lockfile_is_a_warning_and_the_stronger_one_counts()
    {
        var tree = Package("{'dependencies':{'express':'5'},'scripts':{'start':'node x'}}");
        tree["pnpm-lock.yaml"] = "lockfileVersion: '9.0'";
        tree["package-lock.json"] = "{}";
        var plan = PlanOf(tree);
        Assert.Equal("pnpm", plan.PackageManager);
        Assert.Contains("package-lock.json", Assert.Single(plan.Warnings));
    }

    [Fact]
    public void Only_a_lock_out_of_sync_falls_back_to_an_install()
    {
        var tree = Package("{'dependencies':{'express':'5'},'scripts':{'start':'node x'}}", "package-lock.json");
        Assert.Contains("npm ci --logs-dir=/tmp/npm || { grep -qsr 'code EUSAGE' /tmp/npm && ", PlanOf(tree).Dockerfile);
    }

    [Theory]
    [InlineData("package-lock.json", "npm prune --omit=dev")]
    [InlineData("pnpm-lock.yaml", "pnpm prune --prod")]
    [InlineData("yarn.lock", "yarn install --production --ignore-scripts --prefer-offline")]
    [InlineData("bun.lock", "bun install --production --frozen-lockfile")]
    public void Packages_for_development_are_pruned_from_a_server(string lockfile, string prune)
    {
        Assert.Contains(prune, PlanOf(Package("{'dependencies':{'express':'5'},'devDependencies':{'jest':'1'},'scripts':{'start':'node x'}}", lockfile)).Dockerfile);
        Assert.DoesNotContain(prune, PlanOf(Package("{'dependencies':{'express':'5'},'scripts':{'start':'node x'}}", lockfile)).Dockerfile);
    }

    [Fact]
    public void A_start_script_keeps_the_development_package_that_it_runs() =>
        Assert.DoesNotContain("prune", PlanOf(Package("{'dependencies':{'express':'5'},'devDependencies':{'tsx':'4'},'scripts':{'start':'tsx src/index.ts'}}")).Dockerfile);

    [Theory]
    [InlineData("bun run src/index.ts", "npm install -g --allow-scripts=bun bun@1")]
    [InlineData("NODE_ENV=production pnpm exec x", "npm install -g --allow-scripts=pnpm pnpm@10")]
    [InlineData("echo bun", null)]
    public void A_start_script_gets_the_manager_that_it_calls(string script, string? install)
    {
        var last = PlanOf(Package($"{{'dependencies':{{'hono':'5'}},'scripts':{{'start':'{script}'}}}}")).Dockerfile.Split("FROM ")[^1];
        Assert.Equal(install is not null, last.Contains("npm install -g", StringComparison.Ordinal));
        if (install is not null) Assert.Contains(install, last);
    }

    [Fact]
    public void A_source_file_changes_nothing_before_the_install()
    {
        var dockerfile = PlanOf(Package("{'dependencies':{'express':'5'},'scripts':{'start':'node x'}}", "package-lock.json", ".npmrc", "patches/a.patch", "src/a.js")).Dockerfile;
        var before = dockerfile[..dockerfile.IndexOf("npm ci", StringComparison.Ordinal)];
        Assert.Contains("COPY package.json package-lock.json .npmrc ./\nCOPY patches patches/\n", before);
        Assert.DoesNotContain("COPY .", before);
    }

    [Theory]
    [InlineData("'scripts':{'start':'node x','postinstall':'node setup.js'}", true)]
    [InlineData("'scripts':{'start':'node x','prepare':'husky'}", false)]
    [InlineData("'scripts':{'start':'node x'},'devDependencies':{'mine':'file:./mine'}", true)]
    [InlineData("'scripts':{'start':'node x'},'pnpm':{'patchedDependencies':{'a':'fixes/a.patch'}}", true)]
    public void An_install_that_reads_more_gets_everything_first(string more, bool isAll)
    {
        var dockerfile = PlanOf(Package($"{{'dependencies':{{'express':'5'}},{more}}}", "package-lock.json")).Dockerfile;
        Assert.Equal(isAll, dockerfile[..dockerfile.IndexOf("npm ci", StringComparison.Ordinal)].Contains("COPY . ", StringComparison.Ordinal));
    }

    [Fact]
    public void Steps_that_see_the_environment_mount_it_and_name_its_hash()
    {
        var options = new PlanOptions { BuildEnvironmentNames = ["NODE_ENV", "TOKEN"], EnvironmentHash = "0a1b" };
        var dockerfile = Planner.Plan(Package("{'devDependencies':{'vite':'7'},'scripts':{'build':'vite build'}}", "package-lock.json"), options).Value.Dockerfile;
        string[] steps = [.. dockerfile.Split("\nRUN ").Skip(1)];
        Assert.Equal(2, steps.Length);
        Assert.All(steps, step => Assert.Contains("--mount=type=secret,id=slipway-env,target=/run/slipway/env", step));
        Assert.All(steps, step => Assert.Contains(": env-0a1b; set -a; . /run/slipway/env; set +a; ", step));
        Assert.Contains("unset NODE_ENV; npm ci", steps[0]);
        Assert.DoesNotContain("TOKEN", dockerfile);
    }

    [Fact]
    public void Without_a_build_environment_nothing_is_mounted() =>
        Assert.DoesNotContain("secret", PlanOf(Package("{'devDependencies':{'vite':'7'}}")).Dockerfile);
}
