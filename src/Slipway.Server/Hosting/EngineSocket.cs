using Slipway.Docker;

namespace Slipway.Server.Hosting;

/// <summary>The unix socket of the engine that the settings name.</summary>
internal static class EngineSocket
{
    public static string Of(IConfiguration settings)
    {
        var text = settings[$"{DockerOptions.Section}:Endpoint"] ?? Environment.GetEnvironmentVariable("DOCKER_HOST");
        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme == "unix" ? uri.AbsolutePath : "/var/run/docker.sock";
    }
}
