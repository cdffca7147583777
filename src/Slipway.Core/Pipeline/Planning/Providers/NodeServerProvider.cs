using System.Text.RegularExpressions;
using Slipway.Core.Pipeline.Planning.Node;

namespace Slipway.Core.Pipeline.Planning.Providers;

/// <summary>A server that the app itself starts: by a framework we know, or by a start script alone.</summary>
/// <param name="onlyFrameworks">The stronger evidence, asked for before static builds; a start script alone comes after them.</param>
internal sealed partial class NodeServerProvider(bool onlyFrameworks) : IPlanProvider
{
    private static readonly (string Dependency, string Name)[] Frameworks =
    [
        ("@nestjs/core", "NestJS"), ("express", "Express"), ("fastify", "Fastify"), ("koa", "Koa"), ("hono", "Hono"), ("@hapi/hapi", "hapi"),
        ("@adonisjs/core", "AdonisJS"), ("@feathersjs/feathers", "Feathers"), ("restify", "Restify"), ("polka", "Polka"), ("h3", "h3"), ("elysia", "Elysia"),
        ("@apollo/server", "Apollo Server"), ("socket.io", "Socket.IO"), ("micro", "Micro"), ("json-server", "JSON Server"),
    ];

    /// <summary>Tools whose start script serves files during development, where the files themselves are what we serve.</summary>
    private static readonly string[] SiteTools = [.. StaticBuildProvider.Frameworks.SelectMany(f => f.Dependencies), "@angular/core"];

    public Outcome<BuildPlan>? TryPlan(PlanInput input)
    {
        if (input.Node is not { } app) return null;
        var (dependency, name) = Frameworks.FirstOrDefault(f => app.Has(f.Dependency));
        var buildsSite = SiteTools.Any(app.Has);
        var start = buildsSite ? StartCommand.FromScript(app) : StartCommand.Find(app);
        if (onlyFrameworks)
        {
            // A bundler beside a server: the server's own start script tells which of the two this is.
            if (buildsSite && (start is null || !StartsServer().IsMatch(app.Manifest.Script("start") ?? ""))) return null;
            if (dependency is null && !buildsSite) return null;
        }

        if (start is null)
        {
            if (dependency is null) return null;
            return new Failure(
                "plan.no_start_command",
                $"{app.ManifestPath} depends on {dependency}, but has no start script, names no main file that exists, and there is no index.js, server.js or index.ts beside it or in src.",
                "Add a start script, such as \"start\": \"node src/server.js\".");
        }

        var plan = NodeServer.Plan("node", name, input, app, start, BuildCommands.Of(app, fallback: null));
        return dependency is null ? plan : plan with { Evidence = [new(app.ManifestPath, $"depends on {dependency}"), .. plan.Evidence] };
    }

    [GeneratedRegex(@"(^|\s|&&)(node|bun|tsx|ts-node|pm2|pm2-runtime|nest|fastify)\s(?!.*\b(vite|react-scripts|vue-cli-service|parcel)\b)")]
    private static partial Regex StartsServer();
}
