using System.Net;
using Microsoft.AspNetCore.Http;
using Slipway.Core.Pipeline.Routing;

namespace Contract.Tests.Routing;

/// <summary>A request whose app is away for a moment waits for it instead of being turned away.</summary>
public sealed class EdgeRouterWaitingTests
{
    private static readonly Route Away = new("app.localhost", RouteKind.Unavailable, [], null);

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task Until_the_app_is_routed_again(string method)
    {
        await using var edge = await PatientAsync();
        await edge.PublishAsync(Away);

        var asked = edge.SendAsync(Request(method));
        await edge.WaitingAsync(1);
        Assert.False(asked.IsCompleted);
        await edge.ServeAsync(EchoAsync);

        using var answer = await asked;
        Assert.Equal($"{method} {(method == "POST" ? "word" : "")}", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task Until_the_app_takes_connections(string method)
    {
        await using var edge = await PatientAsync();
        var address = LoopbackApp.DeadAddress;
        await edge.RouteAsync(address);

        var asked = edge.SendAsync(Request(method));
        await edge.WaitingAsync(1);
        Assert.False(asked.IsCompleted);
        await using var app = await LoopbackApp.StartAsync(EchoAsync, address: address);

        using var answer = await asked;
        Assert.Equal($"{method} {(method == "POST" ? "word" : "")}", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Where_the_app_has_moved_it_goes_at_once()
    {
        await using var edge = await PatientAsync();
        await edge.RouteAsync(LoopbackApp.DeadAddress);

        var asked = edge.SendAsync(Request("GET"));
        await edge.WaitingAsync(1);
        await edge.ServeAsync(EchoAsync);

        using var answer = await asked;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task An_app_that_ends_at_a_request_gets_it_twice_and_no_more()
    {
        await using var edge = await PatientAsync();
        var times = 0;
        await edge.ServeAsync(context =>
        {
            Interlocked.Increment(ref times);
            context.Abort();
            return Task.CompletedTask;
        });

        using var answer = await edge.SendAsync(Request("GET"));

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Equal(2, times);
    }

    [Fact]
    public async Task So_many_wait_and_the_others_are_told_at_once()
    {
        await using var edge = await PatientAsync(options => options.MaxWaiting = 3);
        await edge.PublishAsync(Away);

        var all = Enumerable.Range(0, 8).Select(_ => edge.SendAsync(Request("GET"))).ToList();
        for (var i = 0; i < 5; i++)
        {
            var told = await Task.WhenAny(all);
            all.Remove(told);
            using var answer = await told;
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.NotNull(answer.Headers.RetryAfter);
        }

        await edge.ServeAsync(EchoAsync);
        foreach (var waiting in all)
        {
            using var answer = await waiting;
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Fact]
    public async Task A_host_that_ends_meanwhile_says_so()
    {
        await using var edge = await PatientAsync();
        await edge.PublishAsync(Away);

        var asked = edge.SendAsync(Request("GET"));
        await edge.WaitingAsync(1);
        await edge.PublishAsync(Away with { Kind = RouteKind.Ended });

        using var answer = await asked;
        Assert.Equal(HttpStatusCode.Gone, answer.StatusCode);
    }

    private static Task<EdgeUnderTest> PatientAsync(Action<Slipway.Edge.EdgeOptions>? more = null) => EdgeUnderTest.StartedAsync(options =>
    {
        options.WaitForApp = TimeSpan.FromSeconds(30);
        more?.Invoke(options);
    });

    private static HttpRequestMessage Request(string method) => new(new HttpMethod(method), "/") { Content = method == "POST" ? new StringContent("word") : null };

    private static async Task EchoAsync(HttpContext context) =>
        await context.Response.WriteAsync($"{context.Request.Method} {await new StreamReader(context.Request.Body).ReadToEndAsync(context.RequestAborted)}");
}
