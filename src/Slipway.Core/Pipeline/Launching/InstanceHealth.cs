using System.Globalization;
using Slipway.Core.Deployments;
using Slipway.Core.Pipeline.Running;

namespace Slipway.Core.Pipeline.Launching;

/// <summary>Waits until a new instance answers as its project expects, or says in words why it never did.</summary>
public sealed class InstanceHealth(IContainerRuntime runtime, IInstanceProbe probe, IDeploymentStore deployments, HealthChecks checks, TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(25);

    // An app that has chosen 127.0.0.1 does not change its mind; one that opens several ports may still be at it.
    private static readonly TimeSpan OnLoopback = TimeSpan.FromSeconds(10);

    /// <summary>The status it answered with.</summary>
    public async Task<Outcome<int>> WaitAsync(Deployment d, CancellationToken ct)
    {
        var check = await checks.OfAsync(d, ct);
        var deadline = time.GetUtcNow() + check.Grace;
        int? last = null;
        var pause = Shorter(First, check.Interval);
        DateTimeOffset? onLoopbackSince = null;
        while (time.GetUtcNow() < deadline)
        {
            var seen = await runtime.InspectAsync(InstanceId.Of(d.Id), ct);
            if (seen is not { State: InstanceState.Running, Address: { } address }) return Gone(seen);
            last = await probe.StatusAsync(address, seen.Port, check.Path, check.Timeout, ct) ?? last;
            if (last is { } status && check.Expected.Includes(status)) return status;
            onLoopbackSince = seen.ListensOnLoopbackOnly ? onLoopbackSince ?? time.GetUtcNow() : null;
            if (time.GetUtcNow() - onLoopbackSince > OnLoopback) return Unhealthy(check, seen, last);
            if (await deployments.FindAsync(d.Id, ct) is not { State: DeploymentState.Deploying or DeploymentState.Ready }) return new Failure("canceled", "the deployment was canceled", Step: "run");
            await Task.Delay(pause, time, ct);
            pause = Shorter(pause * 1.5, check.Interval);
        }

        return Unhealthy(check, await runtime.InspectAsync(InstanceId.Of(d.Id), ct), last);
    }

    private static Failure Gone(Instance? seen) => seen switch
    {
        { WasOutOfMemory: true } => new("run.out_of_memory", "the app was killed before it answered, most likely because it used more memory than its limit", "use less memory, or raise Slipway:Runtime:Limits:MemoryBytes", "run", seen.ExitCode),
        { ExitCode: { } code } => new("run.exited", $"the app exited with code {code} before it answered", "its last output is in the log", "run", code),
        _ => new("run.exited", "the app's container vanished before it answered", "deploy again", "run"),
    };

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static Failure Unhealthy(HealthCheck check, Instance? seen, int? last)
    {
        var after = $"after {check.Grace.TotalSeconds:0.##} s";
        var port = (seen?.Port ?? 3000).ToString(CultureInfo.InvariantCulture);
        if (last is not null) return Because($"the app still answered {last} at {check.Path} {after}, and {check.Expected.Text} was expected", "its last output is in the log; where and how it is asked is set by: slipway health PROJECT");
        if (seen is { ListensOnLoopbackOnly: true }) return Because($"the app listens on 127.0.0.1:{port} only", "make it listen on 0.0.0.0 (the environment variable HOST says so)");
        return seen?.ListeningPorts is { Count: > 0 } others
            ? Because($"nothing listens on port {port} {after}; the app listens on {string.Join(", ", others)}", "listen on the port in the environment variable PORT, or set PORT to the app's own (slipway env set PORT)")
            : Because($"nothing listens on port {port} {after}", "start an HTTP server on 0.0.0.0 and the port in the environment variable PORT");
    }

    private static Failure Because(string message, string hint) => new("run.unhealthy", message, hint, "run");
}
