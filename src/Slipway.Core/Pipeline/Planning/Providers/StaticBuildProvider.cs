using System.Text.RegularExpressions;
using Slipway.Core.Pipeline.Planning.Node;

namespace Slipway.Core.Pipeline.Planning.Providers;

/// <summary>A tool that writes a folder of files.</summary>
/// <param name="Slug">The plan's provider.</param>
/// <param name="Dependencies">Any of them is the evidence.</param>
/// <param name="Build">Its own command, where there is no build script.</param>
/// <param name="Output">The folder it writes unless told otherwise.</param>
/// <param name="Config">Stem of its configuration file.</param>
/// <param name="OutputKey">The setting there that names the folder.</param>
/// <param name="OutputFlag">The argument that does.</param>
internal sealed record StaticFramework(
    string Slug, string Name, string[] Dependencies, string Build, string Output, bool IsSpa = false, string? Config = null, string? OutputKey = null, string? OutputFlag = null, string[]? Environment = null);

/// <summary>Builds whose result is files. A table, for they differ in words only.</summary>
internal sealed partial class StaticBuildProvider : IPlanProvider
{
    /// <summary>Tools that bring a bundler along come before the bundler.</summary>
    public static IReadOnlyList<StaticFramework> Frameworks { get; } =
    [
        new("docusaurus", "Docusaurus", ["@docusaurus/core"], "docusaurus build", "build", OutputFlag: "--out-dir"),
        new("vitepress", "VitePress", ["vitepress"], "vitepress build", ".vitepress/dist"),
        new("vuepress", "VuePress", ["vuepress"], "vuepress build src", "src/.vuepress/dist"),
        new("astro", "Astro", ["astro"], "astro build", "dist", Config: "astro.config", OutputKey: "outDir", OutputFlag: "--outDir", Environment: ["ASTRO_TELEMETRY_DISABLED=1"]),
        new("gatsby", "Gatsby", ["gatsby"], "gatsby build", "public", Environment: ["GATSBY_TELEMETRY_DISABLED=1"]),
        new("eleventy", "Eleventy", ["@11ty/eleventy"], "@11ty/eleventy", "_site", OutputFlag: "--output"),
        new("cra", "Create React App", ["react-scripts"], "react-scripts build", "build", IsSpa: true),
        new("vue-cli", "Vue CLI", ["@vue/cli-service"], "vue-cli-service build", "dist", IsSpa: true, Config: "vue.config", OutputKey: "outputDir", OutputFlag: "--dest"),
        new("ember", "Ember", ["ember-cli"], "ember build --environment=production", "dist", IsSpa: true, OutputFlag: "--output-path"),
        new("preact-cli", "Preact CLI", ["preact-cli"], "preact build", "build", IsSpa: true, OutputFlag: "--dest"),
        new("gridsome", "Gridsome", ["gridsome"], "gridsome build", "dist"),
        new("stencil", "Stencil", ["@stencil/core"], "stencil build", "www", IsSpa: true),
        new("hexo", "Hexo", ["hexo"], "hexo generate", "public"),
        new("umi", "Umi", ["umi"], "umi build", "dist", IsSpa: true),
        new("sanity", "Sanity Studio", ["sanity"], "sanity build", "dist", IsSpa: true),
        new("rsbuild", "Rsbuild", ["@rsbuild/core"], "rsbuild build", "dist", IsSpa: true),
        new("vite", "Vite", ["vite"], "vite build", "dist", IsSpa: true, Config: "vite.config", OutputKey: "outDir", OutputFlag: "--outDir"),
        new("parcel", "Parcel", ["parcel", "parcel-bundler"], "parcel build", "dist", OutputFlag: "--dist-dir"),
        new("storybook", "Storybook", ["storybook"], "storybook build", "storybook-static", OutputFlag: "--output-dir"),
    ];

    public Outcome<BuildPlan>? TryPlan(PlanInput input)
    {
        if (input.Node is not { } app || Frameworks.FirstOrDefault(f => f.Dependencies.Any(app.Has)) is not { } framework) return null;
        // A library's or a tool's dependency alone is no site: something has to start its build.
        if (app.Manifest.Script("build") is null && framework.Slug is "parcel" or "storybook") return null;

        var dependency = framework.Dependencies.First(app.Has);
        var output = Output(app, framework);
        if (SourcePath.Normalize(output) is not { Length: > 0 } folder)
            return new Failure("plan.output_invalid", $"{framework.Name} is told to write to {output}, outside of the app's folder.", "Name a folder below it.");
        List<PlanEvidence> evidence = [new(app.ManifestPath, $"depends on {dependency}"), new(app.ManifestPath, $"{framework.Name} writes {folder}")];
        return StaticImage.Plan(framework.Slug, framework.Name, app, input.Options, BuildCommands.Of(app, framework.Build), folder, framework.IsSpa, evidence, null, framework.Environment ?? []);
    }

    private static string Output(NodeApp app, StaticFramework framework)
    {
        // Said outright, where a configuration computes it.
        if (VercelJson().Match(app.ReadText("vercel.json") ?? "") is { Success: true } said) return said.Groups[1].Value;
        var script = app.Manifest.Script("build") ?? "";
        if (framework.Slug is "vitepress" && DocumentsFolder().Match(script) is { Success: true } documents) return $"{documents.Groups[1].Value}/.vitepress/dist";
        if (framework.OutputFlag is { } flag && Regex.Match(script, Regex.Escape(flag) + @"[= ]+([A-Za-z0-9_./-]+)") is { Success: true } argument) return argument.Groups[1].Value;
        if (framework is not { Config: { } stem, OutputKey: { } key } || app.ReadConfig(stem) is not { } config) return framework.Output;

        // Vite's root moves what is relative to it.
        var root = framework.Slug == "vite" ? Setting(config, "root") ?? "" : "";
        return SourcePath.Join(root, Setting(config, key) ?? framework.Output);
    }

    private static string? Setting(string config, string key) =>
        Regex.Match(config, $@"(?<![\w.'""/-])['""]?{key}['""]?\s*:\s*(['""`])([^'""`$\n]+)\1") is { Success: true } match ? match.Groups[2].Value : null;

    [GeneratedRegex(@"""outputDirectory""\s*:\s*""([^""\\\n]+)""")]
    private static partial Regex VercelJson();

    [GeneratedRegex(@"vitepress build ([A-Za-z0-9_./][A-Za-z0-9_./-]*)")]
    private static partial Regex DocumentsFolder();
}
