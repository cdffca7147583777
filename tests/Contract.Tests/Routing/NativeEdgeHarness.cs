using System.Diagnostics;
using Microsoft.AspNetCore.Http.Extensions;
using Slipway.Core;
using Slipway.Core.Pipeline.Routing;
using Slipway.Edge;
using Slipway.Edge.Publishing;
using Slipway.Testing.Contracts;
using Slipway.Testing.Hosting;

namespace Contract.Tests.Routing;

/// <summary>The edge's native program in a home of its own, and apps on loopback.</summary>
internal sealed class NativeEdgeHarness : RouterHarness
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly SlipwayHome _home = new(Directory.CreateTempSubdirectory("slipway-native-edge-").FullName);
    private readonly List<LoopbackApp> _apps = [];
    private readonly EdgeRouter _router;
    private Process? _process;

    public NativeEdgeHarness() => _router = new EdgeRouter(new EdgeRouterOptions { AdminSocket = _home.EdgeSocket, RunFile = RunFile });

    private string RunFile => Path.Combine(_home.Run, "edge.json");

    public override IRouter Router => _router;

    public override string DeadDestination => LoopbackApp.DeadAddress;

    public override async Task<string> StartAppAsync(AppAnswer answer)
    {
        var app = await LoopbackApp.StartAsync(async context => context.Response.StatusCode = await answer(context.Request.GetEncodedPathAndQuery(), context.RequestAborted));
        _apps.Add(app);
        return app.Address;
    }

    public override async Task StopRouterAsync()
    {
        if (_process is not { } process) return;
        _process = null;
        await HostTool.RunAsync("kill", ["-TERM", $"{process.Id}"]);
        await process.WaitForExitAsync().WaitAsync(Patience);
        Assert.Equal(0, process.ExitCode);
        process.Dispose();
    }

    public override async Task StartRouterAsync()
    {
        var file = await NativeEdge.FileAsync();
        var port = LoopbackApp.DeadAddress.Split(':')[^1];
        var settings = new Dictionary<string, string> { ["SLIPWAY_PORT"] = port, ["Slipway__Edge__WaitForApp"] = "00:00:00.200", ["Slipway__Edge__DrainTimeout"] = "00:00:02" };
        _process = NativeEdge.Start(file, _home.Root, settings, "--roles", "edge");
        // Else a full pipe would stop it.
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Looking.UntilAsync(() => File.Exists(RunFile) ? RunFile : _process.HasExited ? throw new InvalidOperationException($"slipway-edge ended with {_process.ExitCode}") : null, Patience, "the edge is ready");
    }

    public override async ValueTask DisposeAsync()
    {
        await StopRouterAsync();
        foreach (var app in _apps) await app.DisposeAsync();
        _router.Dispose();
        Directory.Delete(_home.Root, recursive: true);
    }
}
