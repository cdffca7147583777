using Docker.DotNet;

namespace Slipway.Docker;

internal static class EngineClient
{
    /// <summary>No time limit of its own: each call states one (<see cref="BaseImages.Deadline"/>), and streams have none.</summary>
    public static DockerClient Connect(DockerOptions options) =>
        new DockerClientBuilder().WithEndpoint(EngineEndpoint.Of(options)).WithTimeout(Timeout.InfiniteTimeSpan).Build();
}
