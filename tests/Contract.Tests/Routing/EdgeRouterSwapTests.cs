using System.Net;
using Microsoft.AspNetCore.Http;

namespace Contract.Tests.Routing;

public sealed class EdgeRouterSwapTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>The whole protocol of a deploy: publish the new, wait until nothing is in flight to the old, stop the old.</summary>
    [Fact]
    public async Task Stopping_what_has_drained_costs_no_request_of_any_kind()
    {
        await using var edge = await EdgeUnderTest.StartedAsync();
        var old = await StartAsync();
        await edge.RouteAsync(old.Address);
        using var stop = new CancellationTokenSource();
        var clients = Enumerable.Range(0, 6).Select(i => Task.Run(async () =>
        {
            var statuses = new List<HttpStatusCode>();
            while (!stop.IsCancellationRequested)
            {
                using var request = i % 2 == 0
                    ? new HttpRequestMessage(HttpMethod.Get, (Uri?)null)
                    : new HttpRequestMessage(HttpMethod.Post, (Uri?)null) { Content = new StringContent(new string('x', 20_000)) };
                using var response = await edge.SendAsync(request);
                statuses.Add(response.StatusCode);
            }

            return statuses;
        })).ToArray();

        for (var round = 0; round < 10; round++)
        {
            var next = await StartAsync();
            await edge.RouteAsync(next.Address);
            while ((await edge.Router.TrafficAsync(Ct)).Any(t => t.Destination == old.Address))
            {
                await Task.Yield();
            }

            await old.DisposeAsync();
            old = next;
        }

        await stop.CancelAsync();
        Assert.All((await Task.WhenAll(clients)).SelectMany(s => s), status => Assert.Equal(HttpStatusCode.OK, status));
        await old.DisposeAsync();
    }

    private static Task<LoopbackApp> StartAsync() => LoopbackApp.StartAsync(async context =>
    {
        await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        await context.Response.WriteAsync("ok", context.RequestAborted);
    });
}
