namespace Slipway.Core.Pipeline.Planning;

/// <summary>What a build context leaves out where the source has no .dockerignore: never what a build could want.</summary>
internal static class IgnoreList
{
    public static IReadOnlyList<string> Node { get; } =
        [".git", "**/node_modules", "**/.next", "**/.nuxt", "**/.svelte-kit", "**/.turbo", "**/.DS_Store", "**/.env.local", "**/.env.*.local", "**/npm-debug.log*"];

    /// <summary>All that is left is public.</summary>
    public static IReadOnlyList<string> Static { get; } =
        [".git", ".github", ".gitignore", ".gitattributes", "**/node_modules", "**/.env", "**/.env.*", "**/.DS_Store", "**/.npmrc", "Dockerfile", ".dockerignore", "slipway.json", "vercel.json"];
}
