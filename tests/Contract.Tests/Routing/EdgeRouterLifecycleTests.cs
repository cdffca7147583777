using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Slipway.Core;
using Slipway.Core.Pipeline.Running;
using Slipway.Edge;
using Slipway.Edge.Publishing;

namespace Contract.Tests.Routing;

public sealed class EdgeRouterLifecycleTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Port_in_use_names_the_port_its_holder_and_the_setting()
    {
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        var port = ((IPEndPoint)holder.LocalEndpoint).Port;
        foreach (var isPublic in new[] { false, true })
        {
            var error = await Assert.ThrowsAsync<EdgePortTakenException>(() => EdgeUnderTest.StartedAsync(o => (o.Port, o.BindPublic) = (port, isPublic)));

            Assert.Equal(port, error.Port);
            Assert.Contains($"Port {port} is in use by ", error.Message, StringComparison.Ordinal);
            Assert.Contains($"(pid {Environment.ProcessId})", error.Message, StringComparison.Ordinal);
            Assert.Contains("SLIPWAY_PORT", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Fixed_port_listens_on_both_loopback_addresses()
    {
        var port = IPEndPoint.Parse(LoopbackApp.DeadAddress).Port;
        await using var edge = await EdgeUnderTest.StartedAsync(o => o.Port = port);

        foreach (var address in Socket.OSSupportsIPv6 ? ["127.0.0.1", "::1"] : new[] { "127.0.0.1" })
        {
            using var client = await RawClient.ConnectAsync(address, port);
            await client.SendAsync("GET / HTTP/1.1\r\nHost: x.localhost\r\nConnection: close\r\n\r\n");
            Assert.StartsWith("HTTP/1.1 404", await client.ReadToEndAsync(Ct), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Run_file_says_where_the_edge_is_while_it_runs()
    {
        await using var edge = await EdgeUnderTest.StartedAsync();
        var text = await File.ReadAllTextAsync(edge.Options.RunFile, Ct);

        var run = JsonSerializer.Deserialize<RunFile>(text, JsonSerializerOptions.Web);
        Assert.Equal((Environment.ProcessId, "localhost", false), (run?.Pid, run?.BaseDomain, run?.IsPublic));
        Assert.Equal(edge.Address, new Uri(run?.Address ?? ""));

        await edge.StopAsync();
        Assert.False(File.Exists(edge.Options.RunFile));
        Assert.False(File.Exists(edge.Options.AdminSocket));
    }

    [Fact]
    [SupportedOSPlatform("linux")]
    public async Task A_shared_run_folder_opens_socket_and_run_file_to_its_group_and_to_nobody_else()
    {
        await using var edge = await EdgeUnderTest.StartedAsync(o => o.IsShared = true);
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.Equal(owner | UnixFileMode.GroupRead | UnixFileMode.GroupWrite, File.GetUnixFileMode(edge.Options.AdminSocket));
        Assert.Equal(owner | UnixFileMode.GroupRead, File.GetUnixFileMode(edge.Options.RunFile));
    }

    [Fact]
    public async Task The_edge_asks_apps_for_a_control_plane_that_has_no_way_to_them()
    {
        await using var edge = await EdgeUnderTest.StartedAsync();
        await using var app = await LoopbackApp.StartAsync(context =>
        {
            context.Response.StatusCode = context.Request.Path == "/well" && context.Request.QueryString.Value == "?a=b&c" ? 204 : 503;
            return Task.CompletedTask;
        });
        var options = new EdgeRouterOptions { AdminSocket = edge.Options.AdminSocket };
        using var byEdge = new EdgeInstanceProbe(options);
        using var direct = new HttpInstanceProbe();
        var there = IPEndPoint.Parse(app.Address);
        foreach (var probe in new IInstanceProbe[] { byEdge, direct })
        {
            Assert.Equal(204, await probe.StatusAsync(there.Address.ToString(), there.Port, "/well?a=b&c", TimeSpan.FromSeconds(5), Ct));
            Assert.Equal(503, await probe.StatusAsync(there.Address.ToString(), there.Port, "/", TimeSpan.FromSeconds(5), Ct));
            Assert.Null(await probe.StatusAsync("127.0.0.1", IPEndPoint.Parse(LoopbackApp.DeadAddress).Port, "/", TimeSpan.FromSeconds(1), Ct));
        }

        await edge.StopAsync();
        Assert.Null(await byEdge.StatusAsync(there.Address.ToString(), there.Port, "/well?a=b&c", TimeSpan.FromSeconds(1), Ct));
    }

    [Fact]
    [SupportedOSPlatform("linux")]
    public async Task Admin_socket_and_table_are_the_owners_alone()
    {
        await using var edge = await EdgeUnderTest.StartedAsync();
        await edge.RouteAsync(LoopbackApp.DeadAddress);

        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.Equal(owner, File.GetUnixFileMode(edge.Options.AdminSocket));
        Assert.Equal(owner, File.GetUnixFileMode(edge.Options.TableFile));
    }

    [Fact]
    public async Task Admin_api_is_not_on_the_public_port()
    {
        await using var edge = await EdgeUnderTest.StartedAsync();

        foreach (var path in new[] { "/table", "/health" })
        {
            using var response = await edge.GetAsync(path, "edge");
            Assert.Equal("unknown_host", Assert.Single(response.Headers.GetValues("X-Slipway-Page")));
        }
    }

    [Fact]
    public async Task Socket_file_left_by_a_killed_edge_is_taken_over()
    {
        await using var edge = new EdgeUnderTest();
        Directory.CreateDirectory(Path.GetDirectoryName(edge.Options.AdminSocket) ?? "");
        await File.WriteAllTextAsync(edge.Options.AdminSocket, "", Ct);

        await edge.StartAsync();

        await edge.RouteAsync(LoopbackApp.DeadAddress);
        Assert.Equal(1, await edge.Router.CurrentAsync(Ct));
    }

    [Fact]
    public async Task Second_edge_of_one_installation_does_not_start_and_leaves_the_first_alone()
    {
        await using var edge = await EdgeUnderTest.StartedAsync();
        await edge.RouteAsync(LoopbackApp.DeadAddress);

        await Assert.ThrowsAsync<EdgeAlreadyRunningException>(() => EdgeApp.RunAsync(edge.Options, Ct));

        Assert.Equal(1, await edge.Router.CurrentAsync(Ct));
        Assert.True(File.Exists(edge.Options.RunFile));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"number\":1,\"rou")]
    [InlineData("null")]
    [InlineData("{\"number\":1}")]
    [InlineData("{\"number\":1,\"routes\":[{\"host\":\"a\",\"kind\":\"App\",\"destinations\":[\"nonsense\"]}]}")]
    public async Task Damaged_table_is_set_aside_and_the_edge_starts_empty(string content)
    {
        await using var edge = new EdgeUnderTest();
        Directory.CreateDirectory(Path.GetDirectoryName(edge.Options.TableFile) ?? "");
        await File.WriteAllTextAsync(edge.Options.TableFile, content, Ct);

        await edge.StartAsync();

        Assert.Null(await edge.Router.CurrentAsync(Ct));
        Assert.Equal(content, await File.ReadAllTextAsync(edge.Options.TableFile + ".damaged", Ct));
    }

    [Fact]
    public async Task Table_that_cannot_be_saved_is_in_force_all_the_same()
    {
        await using var edge = await EdgeUnderTest.StartedAsync(o => o.TableFile = "/proc/nowhere/table.json");

        await edge.RouteAsync(LoopbackApp.DeadAddress);

        Assert.Equal(1, await edge.Router.CurrentAsync(Ct));
    }

    [Fact]
    public async Task Stopping_edge_takes_nothing_new_and_finishes_what_it_has()
    {
        await using var edge = await EdgeUnderTest.StartedAsync(o => o.DrainTimeout = TimeSpan.FromSeconds(20));
        var (entered, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        await edge.ServeAsync(async context =>
        {
            entered.TrySetResult();
            await release.Task;
            await context.Response.WriteAsync("whole");
        });
        var address = edge.Address;
        var inFlight = edge.GetAsync("/");
        await entered.Task.WaitAsync(Ct);

        var stopping = edge.StopAsync();
        await AwaitRefusalAsync(address);
        Assert.False(stopping.IsCompleted);
        release.SetResult();

        using var response = await inFlight;
        Assert.Equal("whole", await response.Content.ReadAsStringAsync(Ct));
        await stopping;
    }

    [Fact]
    public async Task Drain_ends_at_its_timeout()
    {
        await using var edge = await EdgeUnderTest.StartedAsync(o => o.DrainTimeout = TimeSpan.FromMilliseconds(300));
        var entered = new TaskCompletionSource();
        await edge.ServeAsync(context =>
        {
            entered.TrySetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        });
        var inFlight = edge.GetAsync("/");
        await entered.Task.WaitAsync(Ct);

        await edge.StopAsync().WaitAsync(TimeSpan.FromSeconds(10), Ct);

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => inFlight);
    }

    [Fact]
    public async Task Program_runs_until_cancelled_and_returns_without_an_error()
    {
        await using var edge = new EdgeUnderTest();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var running = EdgeApp.RunAsync(edge.Options, stop.Token);
        while (!File.Exists(edge.Options.RunFile))
        {
            await Task.Yield();
        }

        await edge.RouteAsync(LoopbackApp.DeadAddress);
        await stop.CancelAsync();

        await running;
        Assert.False(File.Exists(edge.Options.RunFile));
    }

    private static async Task AwaitRefusalAsync(Uri address)
    {
        while (true)
        {
            try
            {
                using var client = await RawClient.ConnectAsync(address);
            }
            catch (SocketException)
            {
                return;
            }
        }
    }
}
