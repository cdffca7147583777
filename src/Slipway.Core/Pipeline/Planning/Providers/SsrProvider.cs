using System.Text.RegularExpressions;
using Slipway.Core.Pipeline.Planning.Dockerfiles;
using Slipway.Core.Pipeline.Planning.Node;

namespace Slipway.Core.Pipeline.Planning.Providers;

/// <summary>Frameworks that render on a server, other than Next.js: what their build leaves is a server or files, by adapter.</summary>
internal sealed partial class SsrProvider : IPlanProvider
{
    public Outcome<BuildPlan>? TryPlan(PlanInput input)
    {
        if (input.Node is not { } app) return null;
        if (Any("nuxt", "nuxt3", "nuxt-nightly")) return Nuxt(input, app);
        if (Any("@sveltejs/kit")) return SvelteKit(input, app);
        if (Any("astro")) return Astro(input, app);
        if (Any("@react-router/dev")) return ReactRouter(input, app);
        if (Any("@remix-run/dev")) return Started("remix", "Remix", "remix vite:build", ["npx", "--no-install", "remix-serve", "build/server/index.js"], input, app);
        if (Any("@solidjs/start")) return Nitro("solid-start", "SolidStart", app.Has("vinxi") ? "vinxi build" : "vite build", input, app);
        if (Any("@tanstack/react-start", "@tanstack/solid-start")) return TanStack(input, app);
        return null;

        bool Any(params string[] names) => names.Any(app.Has);
    }

    private static Outcome<BuildPlan> Nuxt(PlanInput input, NodeApp app)
    {
        if ((app.Manifest.Script("build") ?? "").Contains("generate", StringComparison.Ordinal))
            return StaticImage.Plan("nuxt", "Nuxt", app, input.Options, BuildCommands.Of(app, null), ".output/public", isSpa: false, Evidence(app, "the build script generates files"));
        return Nitro("nuxt", "Nuxt", "nuxt build", input, app);
    }

    /// <summary>Nitro bundles the server with all it needs. Variables of build services would make it choose another preset.</summary>
    private static BuildPlan Nitro(string slug, string name, string fallback, PlanInput input, NodeApp app)
    {
        var stages = new NodeStages(app, input.Options);
        var build = BuildCommands.Of(app, fallback);
        var dockerfile = new DockerfileWriter().Comment($"{name}, built with {app.PackageManager.Name} on Node {app.Node.Tag}, run as its bundled server.");
        stages.Install(dockerfile, "build");
        stages.Build(dockerfile, [.. build, "mv .output /output"], null, "NITRO_PRESET=node-server", "NUXT_TELEMETRY_DISABLED=1");
        ServerImage.Open(dockerfile, app).Copy("/output", "/app/.output", "build", own: true);
        string[] command = ["node", ".output/server/index.mjs"];
        ServerImage.Close(dockerfile, NodeStages.Home, command);
        var plan = ServerImage.Plan(slug, name, app, dockerfile, build, string.Join(' ', command));
        return plan with { Evidence = [.. Evidence(app, $"depends on {name}"), .. plan.Evidence] };
    }

    private static Outcome<BuildPlan> SvelteKit(PlanInput input, NodeApp app)
    {
        if (app.Has("@sveltejs/adapter-static"))
        {
            var config = app.ReadConfig("svelte.config") ?? app.ReadConfig("vite.config") ?? "";
            return StaticImage.Plan(
                "sveltekit", "SvelteKit", app, input.Options, BuildCommands.Of(app, "vite build"), "build", SvelteFallback().IsMatch(config), Evidence(app, "depends on @sveltejs/adapter-static: files"));
        }

        if (!app.Has("@sveltejs/adapter-node") && !app.Has("@sveltejs/adapter-auto"))
            return Unsupported("SvelteKit", app, "@sveltejs/adapter-node, @sveltejs/adapter-auto or @sveltejs/adapter-static");

        // adapter-auto writes nothing on a host it does not know; told this, it takes adapter-node.
        string[] environment = app.Has("@sveltejs/adapter-node") ? [] : ["GCP_BUILDPACKS=1"];
        var start = new StartCommand(["node", "build"], new(app.ManifestPath, environment.Length == 0 ? "depends on @sveltejs/adapter-node" : "depends on @sveltejs/adapter-auto, which will fetch adapter-node"));
        var plan = NodeServer.Plan("sveltekit", "SvelteKit", input, app, start, BuildCommands.Of(app, "vite build"), environment);
        // Form posts are refused when the origin is not what the browser says; the edge says it in these.
        return plan with { RunEnvironment = new Dictionary<string, string>(plan.RunEnvironment) { ["PROTOCOL_HEADER"] = "x-forwarded-proto", ["HOST_HEADER"] = "x-forwarded-host" } };
    }

    /// <summary>Without an adapter Astro writes files, which is the table's business.</summary>
    private static Outcome<BuildPlan>? Astro(PlanInput input, NodeApp app)
    {
        var config = app.ReadConfig("astro.config") ?? "";
        if (app.Has("@astrojs/node") && config.Contains("@astrojs/node", StringComparison.Ordinal))
        {
            var start = AstroMiddleware().IsMatch(config)
                ? StartCommand.FromScript(app)
                : new(["node", "dist/server/entry.mjs"], new(app.ManifestPath, "depends on @astrojs/node"));
            if (start is null)
                return new Failure("plan.no_start_command", "Astro's Node adapter is in middleware mode, and no start script starts a server with it.", "Set mode: 'standalone', or add a start script.");
            return NodeServer.Plan("astro", "Astro", input, app, start, BuildCommands.Of(app, "astro build"), "ASTRO_TELEMETRY_DISABLED=1");
        }

        string[] foreign = ["@astrojs/vercel", "@astrojs/netlify", "@astrojs/cloudflare"];
        if (foreign.Any(adapter => app.Has(adapter) && config.Contains(adapter, StringComparison.Ordinal))) return Unsupported("Astro", app, "@astrojs/node, or no adapter for files");
        return null;
    }

    private static Outcome<BuildPlan> ReactRouter(PlanInput input, NodeApp app) =>
        WithoutServer().IsMatch(app.ReadConfig("react-router.config") ?? "")
            ? StaticImage.Plan("react-router", "React Router", app, input.Options, BuildCommands.Of(app, "react-router build"), "build/client", isSpa: true, Evidence(app, "ssr: false: files"))
            : Started("react-router", "React Router", "react-router build", ["npx", "--no-install", "react-router-serve", "build/server/index.js"], input, app);

    private static Outcome<BuildPlan> TanStack(PlanInput input, NodeApp app) =>
        (app.ReadConfig("vite.config") ?? "").Contains("nitro", StringComparison.Ordinal)
            ? Nitro("tanstack-start", "TanStack Start", "vite build", input, app)
            : Started("tanstack-start", "TanStack Start", "vite build", ["npx", "--no-install", "srvx", "--prod", "-s", "../client", "dist/server/server.js"], input, app);

    /// <summary>Its start script where it has one, else the framework's own server.</summary>
    private static BuildPlan Started(string slug, string name, string fallback, IReadOnlyList<string> command, PlanInput input, NodeApp app)
    {
        var start = StartCommand.FromScript(app) ?? new(command, new(app.ManifestPath, $"no start script: {name}'s own server"));
        var plan = NodeServer.Plan(slug, name, input, app, start, BuildCommands.Of(app, fallback));
        return plan with { Evidence = [.. Evidence(app, $"depends on {name}"), .. plan.Evidence] };
    }

    private static PlanEvidence[] Evidence(NodeApp app, string what) => [new(app.ManifestPath, what)];

    private static Failure Unsupported(string framework, NodeApp app, string instead) => new(
        "plan.adapter_unsupported", $"{app.ManifestPath} builds {framework} for another host.", $"Use {instead}.");

    [GeneratedRegex(@"\bfallback\s*:\s*['""`]")]
    private static partial Regex SvelteFallback();

    [GeneratedRegex(@"\bmode\s*:\s*['""`]middleware['""`]")]
    private static partial Regex AstroMiddleware();

    [GeneratedRegex(@"\bssr\s*:\s*false\b")]
    private static partial Regex WithoutServer();
}
