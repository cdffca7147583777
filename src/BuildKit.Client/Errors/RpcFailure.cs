using Grpc.Core;

namespace BuildKit.Client;

/// <summary>Whose fault a failed call is: the caller's who canceled, the line's, or what was asked for.</summary>
internal static class RpcFailure
{
    private static readonly string[] FrontendsWords = ["dockerfile parse error", "failed to create LLB definition"];

    public static Exception Translate(RpcException e, BuildKitEndpoint endpoint, CancellationToken ct)
    {
        if (ct.IsCancellationRequested) return new OperationCanceledException("the call was canceled", e, ct);
        return IsTransports(e) ? Unreachable(e, endpoint) : new BuildKitSolveException(e.Status.Detail, e);
    }

    /// <param name="stepOf">Digest → step, of the build that failed; null: the one that failed first.</param>
    /// <param name="dockerfile">Its text as we sent it; null when it cannot be read.</param>
    public static Exception OfBuild(RpcException e, BuildKitEndpoint endpoint, Func<string?, BuildStep?> stepOf, string file, Func<string?> dockerfile, CancellationToken ct)
    {
        if (ct.IsCancellationRequested) return new OperationCanceledException("the build was canceled", e, ct);
        if (IsTransports(e)) return Unreachable(e, endpoint);
        var (said, details) = (e.Status.Detail, ErrorDetails.Of(e));
        var step = stepOf(details.Vertex) ?? stepOf(null);
        var isFrontends = step is null or { IsInternal: true } && (details.IsFrontends || Array.Exists(FrontendsWords, w => said.Contains(w, StringComparison.OrdinalIgnoreCase)));
        return new BuildKitSolveException(said, e)
        {
            Step = step?.Name,
            ExitCode = details.ExitCode ?? BuildKitSolveException.ExitCodeIn(said),
            IsDockerfileInvalid = isFrontends,
            Location = (isFrontends || details.Line is not null) && (details.Source ?? dockerfile()) is { } text ? DockerfileLocator.Find(said, file, text, details.Line) : null,
        };
    }

    private static bool IsTransports(RpcException e) => e.StatusCode == StatusCode.Unavailable || e.Status.DebugException is HttpRequestException or IOException or BuildKitConnectionException;

    private static BuildKitConnectionException Unreachable(RpcException e, BuildKitEndpoint endpoint)
    {
        var cause = e.Status.DebugException;
        return new BuildKitConnectionException($"BuildKit at {endpoint} does not answer: {cause?.InnerException?.Message ?? cause?.Message ?? e.Status.Detail}", e);
    }
}
