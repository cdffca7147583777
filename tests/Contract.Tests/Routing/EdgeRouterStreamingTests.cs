using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Contract.Tests.Routing;

public sealed class EdgeRouterStreamingTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Server_sent_events_arrive_one_by_one()
    {
        await using var edge = await EdgeUnderTest.StartedAsync();
        var next = new SemaphoreSlim(0);
        await edge.ServeAsync(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            for (var i = 0; i < 3; i++)
            {
                await context.Response.WriteAsync($"data: {i}\n\n", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                await next.WaitAsync(context.RequestAborted);
            }
        });
        using var request = new HttpRequestMessage();
        using var response = await edge.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Ct));

        // Each event is read before the app is allowed to write the next: buffering would hang here.
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal($"data: {i}", await reader.ReadLineAsync(Ct));
            Assert.Equal("", await reader.ReadLineAsync(Ct));
            next.Release();
        }

        Assert.Null(await reader.ReadLineAsync(Ct));
    }

    [Fact]
    public async Task WebSocket_echoes_and_counts_as_in_flight_until_it_closes()
    {
        await using var edge = await EdgeUnderTest.StartedAsync();
        await edge.ServeAsync(EchoSocketAsync);
        using var socket = new ClientWebSocket();
        socket.Options.Proxy = null;
        socket.Options.SetRequestHeader("Host", "app.localhost");
        socket.Options.AddSubProtocol("chat");
        await socket.ConnectAsync(new UriBuilder(edge.Address) { Scheme = "ws", Path = "/socket" }.Uri, Ct);
        Assert.Equal("chat", socket.SubProtocol);

        var big = Encoding.UTF8.GetBytes(new string('x', 100_000));
        await socket.SendAsync(big, WebSocketMessageType.Text, endOfMessage: true, Ct);
        Assert.Equal(big, await ReceiveAsync(socket));
        Assert.Equal(1, Assert.Single(await edge.Router.TrafficAsync(Ct)).InFlight);

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", Ct);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
        while (Assert.Single(await edge.Router.TrafficAsync(Ct)).InFlight != 0)
        {
            await Task.Yield();
        }
    }

    [Fact]
    public async Task WebSocket_survives_a_swap()
    {
        await using var edge = await EdgeUnderTest.StartedAsync();
        await edge.ServeAsync(EchoSocketAsync);
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Host", "app.localhost");
        await socket.ConnectAsync(new UriBuilder(edge.Address) { Scheme = "ws" }.Uri, Ct);

        await edge.ServeAsync(context => context.Response.WriteAsync("new"));

        await socket.SendAsync("still here"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, Ct);
        Assert.Equal("still here"u8.ToArray(), await ReceiveAsync(socket));
    }

    private static async Task EchoSocketAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync(context.WebSockets.WebSocketRequestedProtocols.FirstOrDefault());
        var buffer = new byte[4096];
        while (true)
        {
            var got = await socket.ReceiveAsync(buffer, context.RequestAborted);
            if (got.MessageType == WebSocketMessageType.Close)
            {
                await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", context.RequestAborted);
                return;
            }

            await socket.SendAsync(buffer.AsMemory(0, got.Count), got.MessageType, got.EndOfMessage, context.RequestAborted);
        }
    }

    private static async Task<byte[]> ReceiveAsync(ClientWebSocket socket)
    {
        using var message = new MemoryStream();
        var buffer = new byte[4096];
        while (true)
        {
            var got = await socket.ReceiveAsync(buffer, Ct);
            message.Write(buffer, 0, got.Count);
            if (got.EndOfMessage)
            {
                return message.ToArray();
            }
        }
    }
}
