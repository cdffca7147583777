using Slipway.Testing;
using static Slipway.Core.Tests.Planning.Sources;

namespace Slipway.Core.Tests.Planning;

public class ProviderTests
{
    [Theory]
    [InlineData("next", "{'dependencies':{'next':'16'}}", "server", null, "node server.js")]
    [InlineData("next", "{'dependencies':{'next':'16','express':'5'},'scripts':{'start':'next start'}}", "server", null, "node server.js")]
    [InlineData("next", "{'dependencies':{'next':'16','express':'5'},'scripts':{'start':'node server.js'}}", "server", null, "node server.js")]
    [InlineData("next", "{'dependencies':{'next':'^12.1.0'}}", "server", null, "node node_modules/next/dist/bin/next start")]
    [InlineData("nuxt", "{'devDependencies':{'nuxt':'4','vite':'7'}}", "server", null, "node .output/server/index.mjs")]
    [InlineData("nuxt", "{'devDependencies':{'nuxt':'4'},'scripts':{'build':'nuxt generate'}}", "static", ".output/public", null)]
    [InlineData("sveltekit", "{'devDependencies':{'@sveltejs/kit':'2','@sveltejs/adapter-node':'5','vite':'7'}}", "server", null, "node build")]
    [InlineData("sveltekit", "{'devDependencies':{'@sveltejs/kit':'2','@sveltejs/adapter-static':'3','vite':'7'}}", "static", "build", null)]
    [InlineData("react-router", "{'devDependencies':{'@react-router/dev':'7','vite':'7'},'scripts':{'start':'react-router-serve ./build/server/index.js'}}", "server", null, "npm run start")]
    [InlineData("remix", "{'devDependencies':{'@remix-run/dev':'2','vite':'5'}}", "server", null, "npx --no-install remix-serve build/server/index.js")]
    [InlineData("solid-start", "{'dependencies':{'@solidjs/start':'1','vinxi':'1'}}", "server", null, "node .output/server/index.mjs")]
    [InlineData("astro", "{'dependencies':{'astro':'7'}}", "static", "dist", null)]
    [InlineData("vite", "{'devDependencies':{'vite':'7'},'scripts':{'start':'vite'}}", "static", "dist", null)]
    [InlineData("vite", "{'devDependencies':{'vite':'7'},'scripts':{'build':'vite build --outDir=public/app'}}", "static", "public/app", null)]
    [InlineData("vite", "{'devDependencies':{'vite':'7'},'dependencies':{'express':'5'},'scripts':{'start':'vite preview'}}", "static", "dist", null)]
    [InlineData("node", "{'devDependencies':{'vite':'7'},'dependencies':{'express':'5'},'scripts':{'build':'vite build','start':'node server.js'}}", "server", null, "node server.js")]
    [InlineData("cra", "{'dependencies':{'react-scripts':'5'},'scripts':{'start':'react-scripts start'}}", "static", "build", null)]
    [InlineData("gatsby", "{'dependencies':{'gatsby':'5'}}", "static", "public", null)]
    [InlineData("docusaurus", "{'dependencies':{'@docusaurus/core':'3'},'scripts':{'start':'docusaurus start'}}", "static", "build", null)]
    [InlineData("vitepress", "{'devDependencies':{'vitepress':'1'},'scripts':{'build':'vitepress build docs'}}", "static", "docs/.vitepress/dist", null)]
    [InlineData("eleventy", "{'devDependencies':{'@11ty/eleventy':'3'},'scripts':{'build':'eleventy --output=www'}}", "static", "www", null)]
    [InlineData("vue-cli", "{'devDependencies':{'@vue/cli-service':'5'}}", "static", "dist", null)]
    [InlineData("node", "{'dependencies':{'fastify':'5'},'scripts':{'start':'node  dist/main.js --trace'}}", "server", null, "node dist/main.js --trace")]
    [InlineData("node", "{'dependencies':{'koa':'3'},'scripts':{'start':'NODE_ENV=production node app'}}", "server", null, "node app")]
    [InlineData("node", "{'dependencies':{'hono':'4'},'scripts':{'start':'node a.js && node b.js'}}", "server", null, "npm run start")]
    [InlineData("node", "{'dependencies':{'hono':'4'},'scripts':{'prestart':'x','start':'node a.js'}}", "server", null, "npm run start")]
    [InlineData("node", "{'dependencies':{'@nestjs/core':'11'},'scripts':{'start':'nest start','start:prod':'node dist/main'}}", "server", null, "node dist/main")]
    [InlineData("node", "{'dependencies':{'express':'5'},'scripts':{'start':'nodemon app.js','start:prod':'node app.js'}}", "server", null, "node app.js")]
    [InlineData("node", "{'scripts':{'start':'node $APP'}}", "server", null, "npm run start")]
    public void Framework_decides_the_plan(string provider, string package, string kind, string? directory, string? start)
    {
        var plan = PlanOf(Package(package));
        Assert.Equal((provider, kind, directory, start), (plan.Provider, plan.Output.Kind, plan.Output.Directory, plan.Start));
        Assert.Equal(3000, plan.Port);
    }

    [Theory]
    [InlineData("{'main':'lib/app.js'}", "lib/app.js", "node lib/app.js")]
    [InlineData("{'main':'lib'}", "lib/index.js", "node lib/index.js")]
    [InlineData("{'main':'gone.js'}", "index.js", "node index.js")]
    [InlineData("{'main':'../../etc/passwd'}", "server.js", "node server.js")]
    [InlineData("{}", "src/server.mjs", "node src/server.mjs")]
    public void Without_a_start_script_the_main_file_starts_then_one_of_a_usual_name(string package, string file, string start) =>
        Assert.Equal(start, PlanOf(Package(package, file)).Start);

    [Theory]
    [InlineData("vite", "{'devDependencies':{'vite':'7'}}", true)]
    [InlineData("cra", "{'dependencies':{'react-scripts':'5'}}", true)]
    [InlineData("vitepress", "{'devDependencies':{'vitepress':'1'}}", false)]
    [InlineData("astro", "{'dependencies':{'astro':'7'}}", false)]
    public void Only_single_page_apps_answer_unknown_paths(string provider, string package, bool isSpa)
    {
        var plan = PlanOf(Package(package));
        Assert.Equal((provider, isSpa), (plan.Provider, plan.Output.IsSpa));
        Assert.Equal(isSpa, plan.Dockerfile.Contains("SLIPWAY_SPA=1", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("vite.config.ts", "export default defineConfig({ build: { outDir: 'public/out' } })", "{'devDependencies':{'vite':'7'}}", "public/out")]
    [InlineData("vite.config.js", "export default { root: 'src', build: { outDir: '../out' } }", "{'devDependencies':{'vite':'7'}}", "out")]
    [InlineData("vite.config.js", "const outDir = path.join(x)", "{'devDependencies':{'vite':'7'}}", "dist")]
    [InlineData("vercel.json", "{ \"outputDirectory\": \"web/out\" }", "{'devDependencies':{'vite':'7'}}", "web/out")]
    [InlineData("astro.config.mjs", "export default { outDir: \"./site\" }", "{'dependencies':{'astro':'7'}}", "site")]
    [InlineData("vue.config.js", "module.exports = { outputDir: 'out' }", "{'devDependencies':{'@vue/cli-service':'5'}}", "out")]
    [InlineData("next.config.js", "module.exports = { output: 'export' }", "{'dependencies':{'next':'16'}}", "out")]
    [InlineData("next.config.ts", "export default { output: \"export\", distDir: 'build' }", "{'dependencies':{'next':'16'}}", "build")]
    public void Configuration_says_where_the_files_go(string file, string text, string package, string output)
    {
        var tree = Package(package);
        tree[file] = text;
        Assert.Equal(("static", output), (PlanOf(tree).Output.Kind, PlanOf(tree).Output.Directory));
    }

    [Fact]
    public void An_export_that_is_commented_out_is_a_server()
    {
        var tree = Package("{'dependencies':{'next':'16'}}");
        tree["next.config.js"] = "module.exports = {\n  // output: 'export',\n /* output: 'export' */ }";
        Assert.Equal("server", PlanOf(tree).Output.Kind);
    }

    [Theory]
    [InlineData("{'version':1,'projects':{'shop':{'projectType':'application','architect':{'build':{'builder':'@angular/build:application','options':{}}}}}}", "dist/shop/browser")]
    [InlineData("{'projects':{'shop':{'architect':{'build':{'builder':'@angular-devkit/build-angular:browser','options':{'outputPath':'out'}}}}}}", "out")]
    [InlineData("{'projects':{'shop':{'architect':{'build':{'builder':'@angular/build:application','options':{'outputPath':{'base':'out','browser':''}}}}}}}", "out")]
    public void Angular_says_where_its_files_go(string angular, string output)
    {
        var tree = Package("{'dependencies':{'@angular/core':'22'}}");
        tree["angular.json"] = angular.Replace('\'', '"');
        var plan = PlanOf(tree);
        Assert.Equal(("angular", output, true), (plan.Provider, plan.Output.Directory, plan.Output.IsSpa));
    }

    [Fact]
    public void Angular_with_a_server_is_a_server()
    {
        var tree = Package("{'dependencies':{'@angular/core':'22','@angular/ssr':'22','express':'5'}}");
        tree["angular.json"] = """{ "projects": { "shop": { "architect": { "build": { "builder": "@angular/build:application", "options": { "ssr": { "entry": "src/server.ts" } } } } } } }""";
        Assert.Equal(("angular", "node dist/shop/server/server.mjs"), (PlanOf(tree).Provider, PlanOf(tree).Start));
    }

    [Theory]
    [InlineData("@astrojs/node", "server")]
    [InlineData("@astrojs/mdx", "static")]
    public void Adapter_decides_what_Astro_is(string package, string kind)
    {
        var tree = Package($"{{'dependencies':{{'astro':'7','{package}':'9'}}}}");
        tree["astro.config.mjs"] = $"import x from '{package}'";
        Assert.Equal(kind, PlanOf(tree).Output.Kind);
    }

    [Fact]
    public void An_adapter_for_another_host_is_refused_with_the_way_out()
    {
        var tree = Package("{'dependencies':{'astro':'7','@astrojs/vercel':'9'}}");
        tree["astro.config.mjs"] = "import vercel from '@astrojs/vercel'";
        var failure = FailureOf(tree);
        Assert.Equal("plan.adapter_unsupported", failure.Code);
        Assert.Contains("@astrojs/node", failure.Hint);
    }

    [Theory]
    [InlineData("index.html", "")]
    [InlineData("public/index.html", "public")]
    public void Files_are_served_as_they_are(string file, string folder)
    {
        var plan = PlanOf(new() { [file] = "<h1>" });
        Assert.Equal(("static", folder, folder), (plan.Provider, plan.Output.Directory, plan.ContextDirectory));
    }

    [Fact]
    public void A_Dockerfile_beats_everything_and_stays_as_it_is()
    {
        var tree = Package("{'dependencies':{'next':'16'}}");
        tree["Dockerfile"] = "FROM node:22\nEXPOSE 8080\n";
        var plan = PlanOf(tree);
        Assert.Equal(("dockerfile", "Dockerfile", 8080, tree["Dockerfile"]), (plan.Provider, plan.DockerfilePath, plan.Port, plan.Dockerfile));
        Assert.Empty(plan.Bases);
        Assert.Equal("8080", plan.RunEnvironment["PORT"]);
    }

    [Fact]
    public void A_Dockerfile_needs_no_valid_package_json() =>
        Assert.Equal("dockerfile", PlanOf(new() { ["package.json"] = "{", ["Dockerfile"] = "FROM scratch" }).Provider);

    [Fact]
    public void A_Dockerfile_below_has_its_folder_as_context_unless_it_copies_from_above()
    {
        var tree = new MemoryTree { ["api/Dockerfile"] = "FROM x\nCOPY package.json ./\n", ["api/package.json"] = "{}", ["package.json"] = "{}", ["packages/a/x"] = "" };
        Assert.Equal(("api", "Dockerfile"), (PlanOf(tree, "api").ContextDirectory, PlanOf(tree, "api").DockerfilePath));
        tree["api/Dockerfile"] = "FROM x\nCOPY --chown=1 packages/a api/ /app/\n";
        Assert.Equal(("", "api/Dockerfile"), (PlanOf(tree, "api").ContextDirectory, PlanOf(tree, "api").DockerfilePath));
    }
}
