using BuildKit.Client.Files;
using BuildKit.Client.Wire;
using Google.Protobuf;
using Grpc.Core;

namespace BuildKit.Client.Session;

internal sealed class HealthService : Health.HealthBase
{
    /// <summary>Asked every second or five; without an answer the daemon drops the session.</summary>
    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context) =>
        Task.FromResult(new HealthCheckResponse { Status = HealthCheckResponse.Types.ServingStatus.Serving });
}

internal sealed class SecretsService : Secrets.SecretsBase
{
    /// <summary>NotFound makes an optional mount be skipped and a required one fail by name.</summary>
    public override Task<GetSecretResponse> GetSecret(GetSecretRequest request, ServerCallContext context) =>
        BuildSession.Of(context).Secrets.TryGetValue(request.Id, out var value)
            ? Task.FromResult(new GetSecretResponse { Data = ByteString.CopyFrom(value) })
            : throw new RpcException(new Status(StatusCode.NotFound, $"secret {request.Id} not found"));
}

internal sealed class AuthService : Auth.AuthBase
{
    /// <summary>An empty answer means anonymous.</summary>
    public override Task<CredentialsResponse> Credentials(CredentialsRequest request, ServerCallContext context) =>
        Task.FromResult(BuildSession.Of(context).Registries.TryGetValue(request.Host, out var user)
            ? new CredentialsResponse { Username = user.Username, Secret = user.Password }
            : new CredentialsResponse());
}

internal sealed class FileSyncService : FileSync.FileSyncBase
{
    public override async Task DiffCopy(IAsyncStreamReader<Packet> requestStream, IServerStreamWriter<Packet> responseStream, ServerCallContext context)
    {
        // Read from the HTTP request: gRPC's own view joins repeated values with commas (PROTOCOL.md P3).
        var headers = context.GetHttpContext().Request.Headers;
        string[] Values(string key)
        {
            var values = headers[key].Where(v => v is not null).Select(v => v!).ToArray();
            return headers[$"{key}-encoded"] == "1" ? [.. values.Select(v => Uri.UnescapeDataString(v.Replace('+', ' ')))] : values;
        }

        var name = Values("dir-name").FirstOrDefault() ?? "context";
        if (!BuildSession.Of(context).Folders.TryGetValue(name, out var folder)) throw new RpcException(new Status(StatusCode.NotFound, $"no folder {name}"));
        string[] include = Values("include-patterns");
        if (Values("followpaths") is { Length: > 0 } follow) include = LinkFollower.Follow(folder, follow) is { } found ? [.. include, .. found] : [];
        await new FolderSender(folder, new ContextWalk(folder, include, Values("exclude-patterns"))).SendAsync(requestStream, responseStream, context.CancellationToken);
    }
}
