namespace Slipway.Docker.BaseImages;

/// <summary>Which npm registry this host uses, by npm's own rules: environment, the user's npmrc, the system's, the public one.</summary>
internal static class NpmRegistryAddress
{
    private static readonly Uri Public = new("https://registry.npmjs.org/");

    public static Uri OfHost() => Resolve(
        Environment.GetEnvironmentVariable("npm_config_registry") ?? Environment.GetEnvironmentVariable("NPM_CONFIG_REGISTRY"),
        [
            Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".npmrc"),
            "/etc/npmrc", "/usr/etc/npmrc", "/usr/local/etc/npmrc",
        ]);

    internal static Uri Resolve(string? environment, IEnumerable<string> files)
    {
        var candidates = files.Where(File.Exists).SelectMany(File.ReadLines).Select(Registry).Prepend(environment);
        foreach (var candidate in candidates)
            if (Uri.TryCreate(candidate, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
                return uri.AbsolutePath.EndsWith('/') ? uri : new Uri(uri.AbsoluteUri + "/");
        return Public;
    }

    private static string? Registry(string line) =>
        line.Split('=', 2) is [var name, var value] && name.Trim() == "registry" ? value.Trim().Trim('"') : null;
}
