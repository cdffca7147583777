using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;

namespace BuildKit.Client.Session;

/// <summary>What the daemon may ask of one build. It hangs on the connection, so no other build's session can be asked.</summary>
internal sealed record BuildSession(
    string Id, string SharedKey, IReadOnlyDictionary<string, IContextSource> Folders,
    IReadOnlyDictionary<string, byte[]> Secrets, IReadOnlyDictionary<string, RegistryCredentials> Registries)
{
    /// <summary>Only the file sync must be advertised; the rest is just called (PROTOCOL.md §3).</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers =>
    [
        new("X-Docker-Expose-Session-Uuid", Id),
        new("X-Docker-Expose-Session-Name", "buildkit-client"),
        new("X-Docker-Expose-Session-Sharedkey", SharedKey),
        new("X-Docker-Expose-Session-Grpc-Method", "/moby.filesync.v1.FileSync/DiffCopy"),
    ];

    /// <summary>Kestrel shows a connection's features on each of its requests.</summary>
    public void AttachTo(IFeatureCollection connection) => connection.Set(this);

    public static BuildSession Of(ServerCallContext context) =>
        context.GetHttpContext().Features.Get<BuildSession>() ?? throw new RpcException(new Status(StatusCode.PermissionDenied, "this connection belongs to no build"));
}
