namespace Slipway.Docker;

/// <summary>Where the engine listens.</summary>
internal static class EngineEndpoint
{
    private const string Default = "unix:///var/run/docker.sock";

    public static Uri Of(DockerOptions options) =>
        Resolve(options.Endpoint, Environment.GetEnvironmentVariable("DOCKER_HOST"));

    /// <summary>
    /// A DOCKER_HOST that is no unix socket is another machine's engine: our edge could not reach the apps there, so it is not
    /// taken over silently from the environment.
    /// </summary>
    public static Uri Resolve(string? configured, string? dockerHost)
    {
        var text = configured ?? (dockerHost?.StartsWith("unix://", StringComparison.Ordinal) == true ? dockerHost : Default);
        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme == "unix"
            ? uri
            : throw new InvalidOperationException($"{DockerOptions.Section}:Endpoint is '{text}', but must be a unix socket such as {Default}.");
    }
}
