using Grpc.Core;

namespace BuildKit.Client;

/// <summary>Whose fault a failed call is: the caller's who canceled, the line's, or what was asked for.</summary>
internal static class RpcFailure
{
    public static Exception Translate(RpcException e, BuildKitEndpoint endpoint, CancellationToken ct, BuildStep? failed = null)
    {
        if (ct.IsCancellationRequested) return new OperationCanceledException("the build was canceled", e, ct);
        var cause = e.Status.DebugException;
        var isTransport = e.StatusCode == StatusCode.Unavailable || cause is HttpRequestException or IOException or BuildKitConnectionException;
        return isTransport
            ? new BuildKitConnectionException($"BuildKit at {endpoint} does not answer: {cause?.InnerException?.Message ?? cause?.Message ?? e.Status.Detail}", e)
            : new BuildKitSolveException(e.Status.Detail, failed?.Name, e);
    }
}
