using System.Text.Json;
using Slipway.Core.Pipeline.Planning.Node;

namespace Slipway.Core.Pipeline.Planning.Providers;

/// <summary>Angular says in angular.json where its files go, in three ways by version.</summary>
internal sealed class AngularProvider : IPlanProvider
{
    public Outcome<BuildPlan>? TryPlan(PlanInput input)
    {
        if (input.Node is not { } app || !app.Has("@angular/core") || app.ReadText("angular.json") is not { } text) return null;
        if (Target(text) is not var (project, builder, options))
            return new Failure("plan.no_provider", "angular.json has no application with a build target.", "Set the root directory to the app's folder.");

        var isBundled = builder.EndsWith(":application", StringComparison.Ordinal);
        var (folder, browser) = Output(options, project);
        var build = BuildCommands.Of(app, "ng build");
        PlanEvidence evidence = new(SourcePath.Join(app.Root, "angular.json"), $"project {project}");
        if (isBundled && options.TryGetProperty("ssr", out var ssr) && ssr.ValueKind is JsonValueKind.True or JsonValueKind.Object && Word(options, "outputMode") != "static")
        {
            var start = new StartCommand(["node", $"{folder}/server/server.mjs"], evidence);
            return NodeServer.Plan("angular", "Angular", input, app, start, build, "NG_CLI_ANALYTICS=false");
        }

        var files = isBundled ? SourcePath.Join(folder, browser) : folder;
        return SourcePath.Normalize(files) is { Length: > 0 } output
            ? StaticImage.Plan("angular", "Angular", app, input.Options, build, output, isSpa: true, [evidence], null, "NG_CLI_ANALYTICS=false")
            : new Failure("plan.output_invalid", "angular.json writes outside of the app's folder.", "Name an outputPath below it.");
    }

    private static (string Project, string Builder, JsonElement Options)? Target(string text)
    {
        try
        {
            var root = JsonElement.Parse(text, new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            foreach (var project in root.GetProperty("projects").EnumerateObject())
            {
                if (Word(project.Value, "projectType") is "library") continue;
                if (!project.Value.TryGetProperty("architect", out var targets) && !project.Value.TryGetProperty("targets", out targets)) continue;
                var build = targets.GetProperty("build");
                return (project.Name, Word(build, "builder") ?? "", build.TryGetProperty("options", out var options) ? options : JsonElement.Parse("{}"));
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            // Not a workspace file that we, or Angular, could read.
        }

        return null;
    }

    private static (string Folder, string Browser) Output(JsonElement options, string project)
    {
        if (!options.TryGetProperty("outputPath", out var path)) return ($"dist/{project}", "browser");
        return path.ValueKind == JsonValueKind.Object ? (Word(path, "base") ?? $"dist/{project}", Word(path, "browser") ?? "browser") : (Word(options, "outputPath") ?? "", "browser");
    }

    private static string? Word(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
