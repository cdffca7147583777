using Microsoft.AspNetCore.Http.Extensions;
using Slipway.Core.Pipeline.Routing;
using Slipway.Testing.Contracts;

namespace Contract.Tests.Routing;

/// <summary>The real edge, and apps on loopback.</summary>
internal sealed class EdgeHarness : RouterHarness
{
    private readonly EdgeUnderTest _edge = new();

    public override IRouter Router => _edge.Router;

    public override string DeadDestination => LoopbackApp.DeadAddress;

    public override Task<string> StartAppAsync(AppAnswer answer) => _edge.StartAppAsync(async context =>
    {
        var path = context.Request.GetEncodedPathAndQuery();
        context.Response.StatusCode = await answer(path, context.RequestAborted);
    });

    public override Task StopRouterAsync() => _edge.StopAsync();

    public override Task StartRouterAsync() => _edge.StartAsync();

    public override ValueTask DisposeAsync() => _edge.DisposeAsync();
}
